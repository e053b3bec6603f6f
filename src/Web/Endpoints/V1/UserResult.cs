using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Web.Http;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary>
/// A user with its <c>ETag</c>: 201 with its <c>Location</c> if it is new, 304 if the consumer already has this version, else
/// 200. The response of a route without the id of the user has its <c>Content-Location</c> (RFC 9110 §8.7).
/// </summary>
internal sealed record UserResult(UserDto User, bool IsNew = false, bool IsKnown = false, bool IsLocated = false) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ETag = EntityTags.Of(User.Version);
        if (IsNew)
            response.Headers.Location = $"/v1/users/{User.Id}";
        if (IsLocated)
            response.Headers.ContentLocation = $"/v1/users/{User.Id}";
        if (IsKnown)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return JsonResponse.WriteAsync(httpContext, IsNew ? 201 : 200, Responses.ToUser(User), ApiJson.Default.UserResponse);
    }

    /// <summary>
    /// The response to a read: 200, or 304 or 412 as the preconditions demand. Both headers must be well-formed.
    /// </summary>
    public static IResult Read(UserDto user, HttpContext httpContext, bool isLocated = false)
    {
        var (ifMatch, _) = EntityTags.ReadIfMatch(httpContext.Request, whenAbsent: Precondition.None);
        var (ifNoneMatch, _) = EntityTags.ReadIfNoneMatch(httpContext.Request);
        if (ifMatch!.Check(user.Version) is { } failed)
            return Problem.From(failed);
        httpContext.Response.Headers.CacheControl = "private, no-cache"; // the consumer may keep it, but must revalidate the ETag
        return new UserResult(user, IsKnown: ifNoneMatch!.Check(user.Version) is not null, IsLocated: isLocated);
    }
}
