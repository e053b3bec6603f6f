using UserCqrs.Application.Users;
using UserCqrs.Web.Http;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary>
/// A user with its <c>ETag</c>: 201 with its <c>Location</c> if it is new, 304 if the consumer already has this version, else
/// 200.
/// </summary>
internal sealed record UserResult(UserDto User, bool IsNew = false, bool IsKnown = false) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ETag = EntityTags.Of(User.Version);
        if (IsNew)
            response.Headers.Location = $"/v1/users/{User.Id}";
        if (IsKnown)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return JsonResponse.WriteAsync(httpContext, IsNew ? 201 : 200, Responses.ToUser(User), ApiJson.Default.UserResponse);
    }
}
