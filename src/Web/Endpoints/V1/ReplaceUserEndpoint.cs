using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>PUT /v1/users/{id}</c></summary>
internal sealed class ReplaceUserEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/v1/users/{id:long}", HandleAsync)
        .WithMetadata(Access.Write, new Operation("replaceUser", "Replace a user", "Gives the user a new name and e-mail, "
            + "if it is still the version that If-Match names.")
        .Reads(RequestParameter.UserId, RequestParameter.IfMatch with { Required = true }, RequestParameter.IfNoneMatch)
        .Takes<UserFields>(BodyFormat.Json)
        .Answers<UserResponse>(200, "The user as it is stored.", AnswerHeader.ETag)
        .Refuses(ProblemType.MalformedRequest, ProblemType.InvalidParameter, ProblemType.UserNotFound, ProblemType.EmailTaken,
            ProblemType.PreconditionFailed, ProblemType.InvalidUser, ProblemType.PreconditionRequired));

    private static async Task<IResult> HandleAsync(
        long id, HttpRequest request, IMediator mediator, CancellationToken cancellationToken)
    {
        var (precondition, malformed) = EntityTags.ReadPrecondition(request, whenAbsent: Precondition.Missing);
        if (precondition is null)
            return malformed!;
        var (body, refusal) = await UserBody.ReadAsync(request, BodyFormat.Json, cancellationToken);
        if (body is null)
            return refusal!;

        var command = new ReplaceUser(id, body.Name, body.Email, precondition) { Unreadable = body.Unreadable };
        var result = await mediator.Send(command, cancellationToken);
        return result.Match<IResult>(static user => new UserAnswer(user), Problem.From);
    }
}
