using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>DELETE /v1/users/{id}</c></summary>
internal sealed class DeleteUserEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/v1/users/{id:long}", HandleAsync)
        .WithMetadata(Access.Write, new Operation("deleteUser", "Delete a user", "Removes the user for good. The id is never given again.")
        .Reads(RequestParameter.UserId, RequestParameter.IfMatch, RequestParameter.IfNoneMatch)
        .Answers(204, "The user is gone.")
        .Refuses(ProblemType.MalformedRequest, ProblemType.InvalidParameter, ProblemType.UserNotFound,
            ProblemType.PreconditionFailed));

    private static async Task<IResult> HandleAsync(
        long id, HttpRequest request, IMediator mediator, CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(request) is { } unknown)
            return unknown;
        var (precondition, refusal) = EntityTags.ReadPrecondition(request, whenAbsent: Precondition.None);
        if (precondition is null)
            return refusal!;

        var result = await mediator.Send(new DeleteUser(id, precondition), cancellationToken);
        return result.Match<IResult>(static _ => TypedResults.NoContent(), Problem.From);
    }
}
