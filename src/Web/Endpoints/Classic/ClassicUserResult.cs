using UserCqrs.Application.Users;
using UserCqrs.Web.Http;

namespace UserCqrs.Web.Endpoints.Classic;

/// <summary>200 and the user.</summary>
internal sealed record ClassicUserResult(UserDto User) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) =>
        JsonResponse.WriteAsync(httpContext, 200, Responses.ToClassicUser(User), ApiJson.Default.ClassicUser);
}
