using System.Text.Json;
using MediatR;
using UserCqrs.Application.Users;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.Endpoints.Classic;

/// <summary><c>GET /users/</c>, the tutorial's <c>read_users</c></summary>
internal sealed class ClassicListUsersEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/users/", HandleAsync)
        .DisableRequestTimeout()
        .WithMetadata(Access.Read, new Operation("read_users", "Read users", "All users in id order, streamed; also under /users/. "
            + "Many users are better read by pages, from /v1/users.")
        .Answers<ClassicUser[]>(200, "All users.")
        .Refuses());

    private static async Task<IResult> HandleAsync(IMediator mediator, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(new StreamUsers(), cancellationToken);
        return result.Match<IResult>(static users => new ClassicUsersAnswer(users), Problem.From);
    }
}

/// <summary>200 and an array that is written as it is read.</summary>
internal sealed record ClassicUsersAnswer(IAsyncEnumerable<UserDto> Users) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(
            httpContext.Response.BodyWriter, Users.Select(ClassicUser.From), ApiJson.Default.IAsyncEnumerableClassicUser,
            httpContext.RequestAborted);
    }
}
