using FastEndpoints;
using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.Classic;

/// <summary><c>DELETE /user?user_id=1</c>, the tutorial's <c>delete_user</c></summary>
internal sealed class ClassicDeleteUserEndpoint(IMediator mediator) : Endpoint<DeleteUser>
{
    public override void Configure()
    {
        Delete("/user");
        Group<ClassicRoutes>();
        Policies(Scope.Write);
        RequestBinder(new Binder<DeleteUser>(Bind));
        Summary(new Operation("classicDeleteUser", "Delete a user", "Deletes the user permanently.")
            .Reads(RequestParameter.Query("user_id", "integer", "The user's id.") with { Format = "int64", Required = true })
            .Responds<ClassicDetail>(200, "The user is deleted.")
            .FailsWith(ProblemType.UserNotFound, ProblemType.InvalidUser));
    }

    public override async Task HandleAsync(DeleteUser command, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(command, cancellationToken);
        await result.Match<IResult>(
            static _ => TypedResults.Json(new ClassicDetail("User deleted"), ApiJson.Default.ClassicDetail), Problem.From)
            .ExecuteAsync(HttpContext);
    }

    private static Bound<DeleteUser> Bind(HttpRequest request) =>
        ClassicUserId.Bind(request, static id => new DeleteUser(id, Precondition.None));
}
