using FastEndpoints;
using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.Classic;

/// <summary><c>POST /user/{user_id}</c>, the tutorial's <c>update_user</c></summary>
internal sealed class ClassicUpdateUserEndpoint(IMediator mediator) : Endpoint<ReplaceUser>
{
    public override void Configure()
    {
        Post("/user/{user_id}");
        Group<ClassicRoutes>();
        Policies(Scope.Write);
        RequestBinder(new Binder<ReplaceUser>(BindAsync));
        Summary(new Operation("classicUpdateUser", "Update a user", "Replaces the user's name and e-mail address.")
            .Reads(RequestParameter.Path("user_id", "The user's id."))
            .Takes(UserBodySchema.Classic, BodyFormat.Json)
            .Responds<ClassicUser>(200, "The user as stored.")
            .FailsWith(ProblemType.UserNotFound));
    }

    public override async Task HandleAsync(ReplaceUser command, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(command, cancellationToken);
        await result.Match<IResult>(static user => new ClassicUserResult(user), Problem.From).ExecuteAsync(HttpContext);
    }

    private static async ValueTask<Bound<ReplaceUser>> BindAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (input, problem) = await UserBody.ReadAsync(request, BodyFormat.Json, cancellationToken);
        if (input is null)
            return problem!;

        var (id, error) = ClassicUserId.Read((string?)request.RouteValues["user_id"]);
        return new ReplaceUser(
            id, error is null ? input : input with { Unreadable = [error, .. input.Unreadable] }, Precondition.None);
    }
}
