using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>PATCH /v1/users/{id}</c>, a JSON Merge Patch (RFC 7396)</summary>
internal sealed class PatchUserEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("/v1/users/{id:long}", HandleAsync)
        .WithMetadata(Access.Write, new Operation("patchUser", "Change a user", "Changes the members that are given and leaves the others.")
        .Reads(RequestParameter.UserId, RequestParameter.IfMatch, RequestParameter.IfNoneMatch)
        .Takes<UserPatch>(BodyFormat.MergePatch)
        .Answers<UserResponse>(200, "The user as it is stored.", AnswerHeader.ETag)
        .Refuses(ProblemType.MalformedRequest, ProblemType.InvalidParameter, ProblemType.UserNotFound, ProblemType.EmailTaken,
            ProblemType.PreconditionFailed, ProblemType.InvalidUser));

    private static async Task<IResult> HandleAsync(
        long id, HttpRequest request, IMediator mediator, CancellationToken cancellationToken)
    {
        var (precondition, malformed) = EntityTags.ReadPrecondition(request, whenAbsent: Precondition.None);
        if (precondition is null)
            return malformed!;
        var (body, refusal) = await UserBody.ReadAsync(request, BodyFormat.MergePatch, cancellationToken);
        if (body is null)
            return refusal!;

        var command = new PatchUser(id, body.Name, body.Email, precondition) { Unreadable = body.Unreadable };
        var result = await mediator.Send(command, cancellationToken);
        return result.Match<IResult>(static user => new UserAnswer(user), Problem.From);
    }
}
