using FastEndpoints;
using MediatR;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.Classic;

/// <summary><c>POST /user</c>, the tutorial's <c>add_new_user</c></summary>
internal sealed class ClassicCreateUserEndpoint(IMediator mediator) : Endpoint<CreateUser>
{
    public override void Configure()
    {
        Post("/user");
        Group<ClassicRoutes>();
        Policies(Scope.Write);
        RequestBinder(new Binder<CreateUser>(BindAsync));
        Summary(new Operation("classicAddNewUser", "Add a new user", "Stores a new user.")
            .Takes(UserBodySchema.Classic, BodyFormat.Json)
            .Responds<ClassicUser>(200, "The user as stored."));
    }

    public override async Task HandleAsync(CreateUser command, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(command, cancellationToken);
        await result.Match<IResult>(static user => new ClassicUserResult(user), Problem.From).ExecuteAsync(HttpContext);
    }

    private static async ValueTask<Bound<CreateUser>> BindAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (input, problem) = await UserBody.ReadAsync(request, BodyFormat.Json, cancellationToken);
        return input is null ? problem! : new CreateUser(input);
    }
}
