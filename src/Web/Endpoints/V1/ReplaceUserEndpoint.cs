using FastEndpoints;
using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>PUT /v1/users/{id}</c></summary>
internal sealed class ReplaceUserEndpoint(IMediator mediator) : Endpoint<ReplaceUser>
{
    public override void Configure()
    {
        Put("/v1/users/{id:long}");
        Group<V1Routes>();
        Policies(Scope.Write);
        RequestBinder(new Binder<ReplaceUser>(BindAsync));
        Summary(new Operation("replaceUser", "Replace a user", "Replaces the user's name and e-mail address, and "
                + "the other members that are given, if the user still has the version that If-Match names.")
            .Reads(RequestParameter.UserId, RequestParameter.IfMatch with { Required = true }, RequestParameter.IfNoneMatch)
            .Takes(UserBodySchema.Complete, BodyFormat.Json)
            .Responds<UserResponse>(200, "The user as stored.", OperationHeader.ETag)
            .FailsWith(ProblemType.MalformedRequest, ProblemType.InvalidParameter, ProblemType.UserNotFound,
                ProblemType.PreconditionFailed, ProblemType.PreconditionRequired));
    }

    public override async Task HandleAsync(ReplaceUser command, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(command, cancellationToken);
        await result.Match<IResult>(static user => new UserResult(user), Problem.From).ExecuteAsync(HttpContext);
    }

    private static async ValueTask<Bound<ReplaceUser>> BindAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (precondition, malformed) = EntityTags.ReadPrecondition(request, whenAbsent: Precondition.Missing);
        if (precondition is null)
            return malformed!;
        var (input, problem) = await UserBody.ReadAsync(request, BodyFormat.Json, cancellationToken);
        return input is null ? problem! : new ReplaceUser(request.RouteId(), input, precondition);
    }
}
