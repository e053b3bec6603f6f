using MediatR;
using UserCqrs.Application.Common;
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
        .Reads(RequestParameter.UserId, RequestParameter.IfMatch, RequestParameter.IfNoneMatch)
        .Answers<UserResponse>(200, "The user.", AnswerHeader.ETag)
        .Answers(304, "The user is the one that If-None-Match names.", AnswerHeader.ETag)
        .Refuses(ProblemType.MalformedRequest, ProblemType.InvalidParameter, ProblemType.UserNotFound,
            ProblemType.PreconditionFailed));

    private static async Task<IResult> HandleAsync(
        long id, HttpRequest request, IMediator mediator, CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(request) is { } unknown)
            return unknown;
        var (ifMatch, refusal) = EntityTags.ReadIfMatch(request, whenAbsent: Precondition.None);
        if (ifMatch is null)
            return refusal!;
        (var ifNoneMatch, refusal) = EntityTags.ReadIfNoneMatch(request);
        if (ifNoneMatch is null)
            return refusal!;

        var result = await mediator.Send(new GetUser(id), cancellationToken);
        return result.Match<IResult>(
            user => ifMatch.Refuse(user.Version) is { } failed ? Problem.From(failed)
                : new UserAnswer(user, IsKnown: ifNoneMatch.Refuse(user.Version) is not null),
            Problem.From);
    }
}
