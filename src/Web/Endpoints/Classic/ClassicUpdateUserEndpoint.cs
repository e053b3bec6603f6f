using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.Endpoints.Classic;

/// <summary><c>POST /user/{user_id}</c>, the tutorial's <c>update_user</c></summary>
internal sealed class ClassicUpdateUserEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/user/{user_id}", HandleAsync)
        .WithMetadata(Access.Write, new Operation("update_user", "Update a user", "Gives the user a new name and e-mail.")
        .Reads(RequestParameter.Path("user_id", "Whom."))
        .Takes<UserFields>(BodyFormat.Classic)
        .Answers<ClassicUser>(200, "The user as it is stored.")
        .Refuses(ProblemType.UserNotFound, ProblemType.EmailTaken, ProblemType.InvalidUser));

    private static async Task<IResult> HandleAsync(HttpRequest request, IMediator mediator, CancellationToken cancellationToken)
    {
        var (body, refusal) = await UserBody.ReadAsync(request, BodyFormat.Classic, cancellationToken);
        if (body is null)
            return refusal!;

        var (id, error) = ClassicDoor.ReadUserId((string?)request.RouteValues["user_id"]);
        var command = new ReplaceUser(id, body.Name, body.Email, Precondition.None)
        {
            Unreadable = error is null ? body.Unreadable : [error, .. body.Unreadable],
        };
        var result = await mediator.Send(command, cancellationToken);
        return result.Match<IResult>(static user => new ClassicUserAnswer(user), Problem.From);
    }
}
