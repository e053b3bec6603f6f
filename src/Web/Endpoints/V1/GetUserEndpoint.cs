using MediatR;
using UserCqrs.Application.Users;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>GET</c> and <c>HEAD /v1/users/{id}</c></summary>
internal sealed class GetUserEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapMethods("/v1/users/{id:long}", ["GET", "HEAD"], HandleAsync)
        .WithMetadata(Access.Read, new Operation("getUser", "Read a user", "One user by id, with the ETag that changes of it name.")
        .Reads(RequestParameter.UserId, RequestParameter.IfNoneMatch)
        .Answers<UserResponse>(200, "The user.", AnswerHeader.ETag)
        .Answers(304, "The user is the one that If-None-Match names.", AnswerHeader.ETag)
        .Refuses(ProblemType.InvalidParameter, ProblemType.UserNotFound));

    private static async Task<IResult> HandleAsync(
        long id, HttpRequest request, IMediator mediator, CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(request) is { } refusal)
            return refusal;

        var result = await mediator.Send(new GetUser(id), cancellationToken);
        return result.Match<IResult>(static user => new UserAnswer(user), Problem.From);
    }
}
