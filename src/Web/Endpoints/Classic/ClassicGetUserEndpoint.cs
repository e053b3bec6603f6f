using MediatR;
using UserCqrs.Application.Users;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.Endpoints.Classic;

/// <summary><c>GET /user?user_id=1</c>, the tutorial's <c>get_user</c></summary>
internal sealed class ClassicGetUserEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/user", HandleAsync)
        .WithMetadata(Access.Read, new Operation("get_user", "Get a user", "One user by id.")
        .Reads(RequestParameter.Query("user_id", "integer", "Whom.", 1) with { Format = "int64", Required = true })
        .Answers<ClassicUser>(200, "The user.")
        .Refuses(ProblemType.UserNotFound, ProblemType.InvalidUser));

    private static async Task<IResult> HandleAsync(HttpRequest request, IMediator mediator, CancellationToken cancellationToken)
    {
        var (id, error) = ClassicDoor.ReadUserId(request.Query["user_id"].LastOrDefault());
        if (error is not null)
            return ClassicDoor.Refuse(error);

        var result = await mediator.Send(new GetUser(id), cancellationToken);
        return result.Match<IResult>(static user => new ClassicUserAnswer(user), Problem.From);
    }
}
