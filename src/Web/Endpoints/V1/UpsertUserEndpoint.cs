using FastEndpoints;
using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>PUT /v1/users/by-external-id/{externalId}</c></summary>
internal sealed class UpsertUserEndpoint(IMediator mediator) : Endpoint<UpsertUser>
{
    public override void Configure()
    {
        Put("/v1/users/by-external-id/{externalId}");
        Group<V1Routes>();
        Policies(Scope.Write);
        RequestBinder(new Binder<UpsertUser>(BindAsync));
        Summary(new Operation("upsertUser", "Create or replace a user by external id",
                "Replaces the user that has this external id, or creates it. Sent again, the request changes nothing.")
            .Reads(RequestParameter.ExternalId, RequestParameter.IfMatch, RequestParameter.IfNoneMatch)
            .Takes(UserBodySchema.Complete, BodyFormat.Json)
            .Responds<UserResponse>(200, "The user as stored; it existed.", OperationHeader.ETag, OperationHeader.ContentLocation)
            .Responds<UserResponse>(201, "The user as stored; it is new.",
                OperationHeader.ETag, OperationHeader.Location, OperationHeader.ContentLocation)
            .FailsWith(ProblemType.MalformedRequest, ProblemType.InvalidParameter, ProblemType.PreconditionFailed));
    }

    public override async Task HandleAsync(UpsertUser command, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(command, cancellationToken);
        await result.Match<IResult>(
            static upserted => new UserResult(upserted.User, upserted.IsNew, IsLocated: true), Problem.From)
            .ExecuteAsync(HttpContext);
    }

    private static async ValueTask<Bound<UpsertUser>> BindAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (precondition, malformed) = EntityTags.ReadPrecondition(request, whenAbsent: Precondition.None);
        if (precondition is null)
            return malformed!;
        var (externalId, undecodable) = request.ReadExternalId();
        if (undecodable is not null)
            return undecodable;
        var (input, problem) = await UserBody.ReadAsync(request, BodyFormat.Json, cancellationToken);
        return input is null ? problem! : new UpsertUser(externalId, input, precondition);
    }
}
