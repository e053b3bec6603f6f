using FastEndpoints;
using MediatR;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.Classic;

/// <summary><c>GET /user?user_id=1</c>, the tutorial's <c>get_user</c></summary>
internal sealed class ClassicGetUserEndpoint(IMediator mediator) : Endpoint<GetUser>
{
    public override void Configure()
    {
        Get("/user");
        Group<ClassicRoutes>();
        Policies(Scope.Read);
        RequestBinder(new Binder<GetUser>(Bind));
        Summary(new Operation("classicGetUser", "Get a user", "Returns one user by id.")
            .Reads(RequestParameter.Query("user_id", "integer", "The user's id.") with { Format = "int64", Required = true })
            .Responds<ClassicUser>(200, "The user.")
            .FailsWith(ProblemType.UserNotFound, ProblemType.InvalidUser));
    }

    public override async Task HandleAsync(GetUser query, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(query, cancellationToken);
        await result.Match<IResult>(static user => new ClassicUserResult(user), Problem.From).ExecuteAsync(HttpContext);
    }

    private static Bound<GetUser> Bind(HttpRequest request) => ClassicUserId.Bind(request, static id => new GetUser(id));
}
