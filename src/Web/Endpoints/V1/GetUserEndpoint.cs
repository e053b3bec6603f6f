using FastEndpoints;
using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>GET</c> and <c>HEAD /v1/users/{id}</c></summary>
internal sealed class GetUserEndpoint(IMediator mediator) : Endpoint<GetUser>
{
    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/v1/users/{id:long}");
        Group<V1Routes>();
        Policies(Scope.Read);
        RequestBinder(new Binder<GetUser>(Bind));
        Summary(new Operation("getUser", "Read a user", "Returns one user by id, with its ETag for conditional changes.")
            .Reads(RequestParameter.UserId, RequestParameter.IfMatch, RequestParameter.IfNoneMatch)
            .Responds<UserResponse>(200, "The user.", OperationHeader.ETag)
            .Responds(304, "The user has the version that If-None-Match names.", OperationHeader.ETag)
            .FailsWith(ProblemType.MalformedRequest, ProblemType.InvalidParameter, ProblemType.UserNotFound,
                ProblemType.PreconditionFailed));
    }

    public override async Task HandleAsync(GetUser query, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(query, cancellationToken);
        await result.Match(user => UserResult.Read(user, HttpContext), Problem.From).ExecuteAsync(HttpContext);
    }

    private static Bound<GetUser> Bind(HttpRequest request)
    {
        if (QueryReader.RejectAny(request) is { } unknown)
            return unknown;
        var (precondition, problem) = EntityTags.ReadPrecondition(request, whenAbsent: Precondition.None);
        return precondition is null ? problem! : new GetUser(request.RouteId());
    }
}
