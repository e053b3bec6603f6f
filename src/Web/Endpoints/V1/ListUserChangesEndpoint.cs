using FastEndpoints;
using MediatR;
using UserCqrs.Application.Changes;
using UserCqrs.Application.Common;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>GET</c> and <c>HEAD /v1/users/{id}/changes</c></summary>
internal sealed class ListUserChangesEndpoint(IMediator mediator) : Endpoint<ListUserChanges>
{
    private static readonly RequestParameter[] Parameters =
    [
        RequestParameter.Query("limit", "integer", $"The maximum number of changes, 1 to {ListChanges.MaxLimit}. The default is "
            + $"{ListChanges.DefaultLimit}.")
            with { Minimum = "1", Maximum = $"{ListChanges.MaxLimit}" },
        RequestParameter.Query("cursor", "string", "The next of the previous page."),
    ];

    private static readonly string[] Names = [.. Parameters.Select(parameter => parameter.Name)];

    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/v1/users/{id:long}/changes");
        Group<V1Routes>();
        Policies(Scope.Read);
        Options(static route => route.Compresses());
        RequestBinder(new Binder<ListUserChanges>(Bind));
        Summary(new Operation("listUserChanges", "Read the history of a user",
                "Returns the changes of a user, also of a deleted one, newest first. Users who are older than the log "
                + "have no entry for their creation.")
            .Reads([RequestParameter.UserId, .. Parameters])
            .Responds<UserChangePageResponse>(200, "A page of changes.", OperationHeader.Link)
            .FailsWith(ProblemType.InvalidParameter, ProblemType.UserNotFound));
    }

    public override async Task HandleAsync(ListUserChanges query, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(query, cancellationToken);
        await result.Match(
            page => WriteAsync(page, query.UserId),
            error => (error.Kind == ErrorKind.Invalid ? Problem.InvalidParameters(error.Inputs) : Problem.From(error))
                .ExecuteAsync(HttpContext));
    }

    private Task WriteAsync(UserChangePage page, long userId)
    {
        HttpContext.LinkNext($"/v1/users/{userId}/changes", page.Next);
        return JsonResponse.WriteAsync(
            HttpContext, 200, Responses.ToUserChangePage(page), ApiJson.Default.UserChangePageResponse);
    }

    private static Bound<ListUserChanges> Bind(HttpRequest request)
    {
        var query = new QueryReader(request.Query, Names);
        return new ListUserChanges(
            request.RouteId(), query.Integer("limit") ?? ListChanges.DefaultLimit, query.Text("cursor"))
        {
            Unreadable = query.Errors,
        };
    }
}
