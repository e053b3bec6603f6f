using FastEndpoints;
using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>PATCH /v1/users/{id}</c>, a JSON Merge Patch (RFC 7396)</summary>
internal sealed class PatchUserEndpoint(IMediator mediator) : Endpoint<PatchUser>
{
    public override void Configure()
    {
        Patch("/v1/users/{id:long}");
        Group<V1Routes>();
        Policies(Scope.Write);
        RequestBinder(new Binder<PatchUser>(BindAsync));
        Summary(new Operation("patchUser", "Change a user", "Changes the given members and leaves the others unchanged, "
                + "also those inside attributes; null removes one.")
            .Reads(RequestParameter.UserId, RequestParameter.IfMatch, RequestParameter.IfNoneMatch)
            .Takes(UserBodySchema.Partial, BodyFormat.MergePatch)
            .Responds<UserResponse>(200, "The user as stored.", OperationHeader.ETag)
            .FailsWith(ProblemType.MalformedRequest, ProblemType.InvalidParameter, ProblemType.UserNotFound,
                ProblemType.PreconditionFailed));
    }

    public override async Task HandleAsync(PatchUser command, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(command, cancellationToken);
        await result.Match<IResult>(static user => new UserResult(user), Problem.From).ExecuteAsync(HttpContext);
    }

    private static async ValueTask<Bound<PatchUser>> BindAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (precondition, malformed) = EntityTags.ReadPrecondition(request, whenAbsent: Precondition.None);
        if (precondition is null)
            return malformed!;
        var (input, problem) = await UserBody.ReadAsync(request, BodyFormat.MergePatch, cancellationToken);
        return input is null ? problem! : new PatchUser(request.RouteId(), input, precondition);
    }
}
