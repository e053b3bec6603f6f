using FastEndpoints;
using MediatR;
using UserCqrs.Application.Changes;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>POST /v1/users/{id}/restore</c></summary>
internal sealed class RestoreUserEndpoint(IMediator mediator) : Endpoint<RestoreUser>
{
    public override void Configure()
    {
        Post("/v1/users/{id:long}/restore");
        Group<V1Routes>();
        Policies(Scope.Write);
        RequestBinder(new Binder<RestoreUser>(Bind));
        Summary(new Operation("restoreUser", "Restore a deleted user",
                "Undoes the deletion of a user while its last state is kept, with the same id and the next "
                + "version. There is no body.")
            .Reads(RequestParameter.UserId)
            .Responds<UserResponse>(200, "The user.", OperationHeader.ETag)
            .FailsWith(ProblemType.InvalidParameter, ProblemType.UserNotFound, ProblemType.EmailTaken,
                ProblemType.ExternalIdTaken));
    }

    public override async Task HandleAsync(RestoreUser command, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(command, cancellationToken);
        await result.Match<IResult>(static user => new UserResult(user), Problem.From).ExecuteAsync(HttpContext);
    }

    private static Bound<RestoreUser> Bind(HttpRequest request) =>
        QueryReader.RejectAny(request) is { } unknown ? unknown : new RestoreUser(request.RouteId());
}
