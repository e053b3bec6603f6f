using FastEndpoints;
using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>GET</c> and <c>HEAD /v1/users/by-external-id/{externalId}</c></summary>
internal sealed class GetUserByExternalIdEndpoint(IMediator mediator) : Endpoint<GetUserByExternalId>
{
    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/v1/users/by-external-id/{externalId}");
        Group<V1Routes>();
        Policies(Scope.Read);
        RequestBinder(new Binder<GetUserByExternalId>(Bind));
        Summary(new Operation("getUserByExternalId", "Read a user by external id",
                "Returns the user that has this external id; Content-Location is its path by id.")
            .Reads(RequestParameter.ExternalId, RequestParameter.IfMatch, RequestParameter.IfNoneMatch)
            .Responds<UserResponse>(200, "The user.", OperationHeader.ETag, OperationHeader.ContentLocation)
            .Responds(304, "The user has the version that If-None-Match names.",
                OperationHeader.ETag, OperationHeader.ContentLocation)
            .FailsWith(ProblemType.MalformedRequest, ProblemType.InvalidParameter, ProblemType.UserNotFound,
                ProblemType.PreconditionFailed));
    }

    public override async Task HandleAsync(GetUserByExternalId query, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(query, cancellationToken);
        await result.Match(user => UserResult.Read(user, HttpContext, isLocated: true), Problem.From).ExecuteAsync(HttpContext);
    }

    private static Bound<GetUserByExternalId> Bind(HttpRequest request)
    {
        if (QueryReader.RejectAny(request) is { } unknown)
            return unknown;
        var (precondition, malformed) = EntityTags.ReadPrecondition(request, whenAbsent: Precondition.None);
        if (precondition is null)
            return malformed!;
        var (externalId, problem) = request.ReadExternalId();
        return problem is null ? new GetUserByExternalId(externalId) : problem;
    }
}
