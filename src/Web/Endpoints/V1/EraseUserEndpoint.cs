using FastEndpoints;
using MediatR;
using UserCqrs.Application.Changes;
using UserCqrs.Domain;
using UserCqrs.Web.Endpoints.V1.Events;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>POST /v1/users/{id}/erase</c></summary>
internal sealed class EraseUserEndpoint(IMediator mediator, ChangeBroadcast broadcast) : Endpoint<EraseUser>
{
    public override void Configure()
    {
        Post("/v1/users/{id:long}/erase");
        Group<V1Routes>();
        Policies(Scope.Admin);
        RequestBinder(new Binder<EraseUser>(Bind));
        Summary(new Operation("eraseUser", "Erase a user",
                "Deletes the user if it is there, and every copy of its data in the log of changes. It cannot be "
                + "restored. There is no body.")
            .Reads(RequestParameter.UserId)
            .Responds(204, "The user is erased.")
            .FailsWith(ProblemType.InvalidParameter, ProblemType.UserNotFound));
    }

    public override async Task HandleAsync(EraseUser command, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(command, cancellationToken);
        if (result.Error is null)
            broadcast.Erase(command.Id);
        await result.Match<IResult>(static _ => TypedResults.NoContent(), Problem.From).ExecuteAsync(HttpContext);
    }

    private static Bound<EraseUser> Bind(HttpRequest request) =>
        QueryReader.RejectAny(request) is { } unknown ? unknown : new EraseUser(request.RouteId());
}
