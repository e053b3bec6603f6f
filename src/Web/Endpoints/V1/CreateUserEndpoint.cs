using MediatR;
using UserCqrs.Application.Users;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>POST /v1/users</c></summary>
internal sealed class CreateUserEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/users", HandleAsync)
        .WithMetadata(Access.Write, new Operation("createUser", "Create a user", "Stores a new user. "
            + "Nobody else may have the e-mail address, in whatever case.")
        .Takes<UserFields>(BodyFormat.Json)
        .Answers<UserResponse>(201, "The user as it is stored.", AnswerHeader.ETag, AnswerHeader.Location)
        .Refuses(ProblemType.MalformedRequest, ProblemType.InvalidParameter, ProblemType.EmailTaken, ProblemType.InvalidUser));

    private static async Task<IResult> HandleAsync(HttpRequest request, IMediator mediator, CancellationToken cancellationToken)
    {
        var (body, refusal) = await UserBody.ReadAsync(request, BodyFormat.Json, cancellationToken);
        if (body is null)
            return refusal!;

        var command = new CreateUser(body.Name, body.Email) { Unreadable = body.Unreadable };
        var result = await mediator.Send(command, cancellationToken);
        return result.Match<IResult>(static user => new UserAnswer(user, IsNew: true), Problem.From);
    }
}
