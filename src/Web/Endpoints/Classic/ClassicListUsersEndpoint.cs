using System.Text.Json;
using FastEndpoints;
using MediatR;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.Classic;

/// <summary><c>GET /users/</c>, the tutorial's <c>read_users</c></summary>
internal sealed class ClassicListUsersEndpoint(IMediator mediator) : Endpoint<StreamUsers>
{
    public override void Configure()
    {
        Get("/users/");
        Group<ClassicRoutes>();
        Policies(Scope.Read);
        Options(static route => route.DisableRequestTimeout().Compresses());
        RequestBinder(new Binder<StreamUsers>(Bind));
        Summary(new Operation("classicReadUsers", "Read users", "Returns all users in id order, streamed; also under /users/. "
                + "To read many users, prefer the pages of /v1/users.")
            .Responds<ClassicUser[]>(200, "All users."));
    }

    public override async Task HandleAsync(StreamUsers query, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(query, cancellationToken);
        await result.Match<IResult>(static users => new ClassicUsersResult(users), Problem.From).ExecuteAsync(HttpContext);
    }

    private static Bound<StreamUsers> Bind(HttpRequest request) => new StreamUsers(UserFilter.None);
}

/// <summary>200 and an array of users, which is streamed.</summary>
internal sealed record ClassicUsersResult(IAsyncEnumerable<UserDto> Users) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(
            httpContext.Response.BodyWriter, Users.Select(Responses.ToClassicUser), ApiJson.Default.IAsyncEnumerableClassicUser,
            httpContext.RequestAborted);
    }
}
