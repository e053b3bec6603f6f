using FastEndpoints;
using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>DELETE /v1/users/{id}</c></summary>
internal sealed class DeleteUserEndpoint(IMediator mediator) : Endpoint<DeleteUser>
{
    public override void Configure()
    {
        Delete("/v1/users/{id:long}");
        Group<V1Routes>();
        Policies(Scope.Write);
        RequestBinder(new Binder<DeleteUser>(Bind));
        Summary(new Operation("deleteUser", "Delete a user",
                "Deletes the user. It can be restored while its last state is kept. The id is never given to another user.")
            .Reads(RequestParameter.UserId, RequestParameter.IfMatch, RequestParameter.IfNoneMatch)
            .Responds(204, "The user is deleted.")
            .FailsWith(ProblemType.MalformedRequest, ProblemType.InvalidParameter, ProblemType.UserNotFound,
                ProblemType.PreconditionFailed));
    }

    public override async Task HandleAsync(DeleteUser command, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(command, cancellationToken);
        await result.Match<IResult>(static _ => TypedResults.NoContent(), Problem.From).ExecuteAsync(HttpContext);
    }

    private static Bound<DeleteUser> Bind(HttpRequest request)
    {
        if (QueryReader.RejectAny(request) is { } unknown)
            return unknown;
        var (precondition, problem) = EntityTags.ReadPrecondition(request, whenAbsent: Precondition.None);
        return precondition is null ? problem! : new DeleteUser(request.RouteId(), precondition);
    }
}
