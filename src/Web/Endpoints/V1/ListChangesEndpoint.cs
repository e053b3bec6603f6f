using FastEndpoints;
using MediatR;
using UserCqrs.Application.Changes;
using UserCqrs.Application.Common;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>GET</c> and <c>HEAD /v1/changes</c></summary>
internal sealed class ListChangesEndpoint(IMediator mediator, IHostApplicationLifetime lifetime) : Endpoint<ListChanges>
{
    private static readonly RequestParameter[] Parameters =
    [
        RequestParameter.Query(
            "after", "string", "The next of an earlier page, or now to start with the next change. By default, the page "
            + "starts with the oldest change that is kept."),
        RequestParameter.Query("limit", "integer", $"The maximum number of changes, 1 to {ListChanges.MaxLimit}. The default is "
            + $"{ListChanges.DefaultLimit}.")
            with { Minimum = "1", Maximum = $"{ListChanges.MaxLimit}" },
        RequestParameter.Query("wait", "integer", "How many seconds to wait for a change if there is none, 0 to "
            + $"{ListChanges.MaxWait}. The default is 0.")
            with { Minimum = "0", Maximum = $"{ListChanges.MaxWait}" },
    ];

    private static readonly string[] Names = [.. Parameters.Select(parameter => parameter.Name)];

    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/v1/changes");
        Group<V1Routes>();
        Policies(Scope.Read);
        Options(static route => route.Compresses().DisableRequestTimeout()); // it waits as long as it is asked to
        RequestBinder(new Binder<ListChanges>(Bind));
        Summary(new Operation("listChanges", "List changes",
                "Returns changes of users in the order in which they are to be applied. Whoever continues with "
                + "next misses none, and meets those of one user in order. To keep a copy in step: read "
                + "after=now, copy all users, then continue from there; the same after 410.")
            .Reads(Parameters)
            .Responds<ChangePageResponse>(200, "A page of changes.")
            .FailsWith(ProblemType.InvalidParameter, ProblemType.ChangesGone));
    }

    public override async Task HandleAsync(ListChanges query, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(query with { Stop = lifetime.ApplicationStopping }, cancellationToken);
        await result.Match(
            page => JsonResponse.WriteAsync(HttpContext, 200, Responses.ToChangePage(page), ApiJson.Default.ChangePageResponse),
            error => (error.Kind == ErrorKind.Invalid ? Problem.InvalidParameters(error.Inputs) : Problem.From(error))
                .ExecuteAsync(HttpContext));
    }

    private static Bound<ListChanges> Bind(HttpRequest request)
    {
        var query = new QueryReader(request.Query, Names);
        return new ListChanges(
            query.Text("after"), query.Integer("limit") ?? ListChanges.DefaultLimit, query.Integer("wait") ?? 0)
        {
            Unreadable = query.Errors,
        };
    }
}
