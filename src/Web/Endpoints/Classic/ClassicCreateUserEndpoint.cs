using MediatR;
using UserCqrs.Application.Users;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.Endpoints.Classic;

/// <summary><c>POST /user</c>, the tutorial's <c>add_new_user</c></summary>
internal sealed class ClassicCreateUserEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/user", HandleAsync)
        .WithMetadata(Access.Write, new Operation("add_new_user", "Add a new user", "Stores a new user.")
        .Takes<UserFields>(BodyFormat.Classic)
        .Answers<ClassicUser>(200, "The user as it is stored.")
        .Refuses(ProblemType.EmailTaken, ProblemType.InvalidUser));

    private static async Task<IResult> HandleAsync(HttpRequest request, IMediator mediator, CancellationToken cancellationToken)
    {
        var (body, refusal) = await UserBody.ReadAsync(request, BodyFormat.Classic, cancellationToken);
        if (body is null)
            return refusal!;

        var command = new CreateUser(body.Name, body.Email) { Unreadable = body.Unreadable };
        var result = await mediator.Send(command, cancellationToken);
        return result.Match<IResult>(static user => new ClassicUserAnswer(user), Problem.From);
    }
}
