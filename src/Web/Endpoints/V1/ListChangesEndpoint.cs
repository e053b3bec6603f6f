using FastEndpoints;
using MediatR;
using UserCqrs.Application.Changes;
using UserCqrs.Application.Common;
using UserCqrs.Domain;
using UserCqrs.Web.Endpoints.V1.Events;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>GET</c> and <c>HEAD /v1/changes</c></summary>
internal sealed class ListChangesEndpoint(
    IMediator mediator, ChangeBroadcast broadcast, StreamLimits limits, CallerReader callers, TimeProvider clock,
    IHostApplicationLifetime lifetime) : Endpoint<ListChanges>
{
    private const string LastEventId = "Last-Event-ID";

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
                "Returns changes of users in the order in which they are to be applied. A client that continues with "
                + "next misses none, and gets those of one user in order. To keep a copy in step: read "
                + "after=now, copy all users, then continue from there; the same after 410. With Accept: text/event-stream, "
                + "the response does not end: each change is an event, with a heartbeat event every 15 seconds (Server-Sent "
                + "Events); limit and wait have no effect then.")
        {
            MediaTypes = ["application/json", EventStream.MediaType],
        }
            .Reads([
                .. Parameters,
                new(LastEventId, "header", "string", "For a stream: the id of the last event that was received. Used instead "
                    + "of after."),
            ])
            .Responds<ChangePageResponse>(200, "A page of changes.")
            .FailsWith(ProblemType.InvalidParameter, ProblemType.ChangesGone));
    }

    public override Task HandleAsync(ListChanges query, CancellationToken cancellationToken) =>
        IsStream(HttpContext.Request) ? StreamAsync(query, cancellationToken) : ListAsync(query, cancellationToken);

    private static Bound<ListChanges> Bind(HttpRequest request)
    {
        var query = new QueryReader(request.Query, Names);
        return new ListChanges(
            LastEventIdOf(request) ?? query.Text("after"), query.Integer("limit") ?? ListChanges.DefaultLimit,
            query.Integer("wait") ?? 0)
        {
            Unreadable = query.Errors,
        };
    }

    private static bool IsStream(HttpRequest request) => Negotiation.Prefers(request.Headers.Accept, EventStream.MediaType);

    private static string? LastEventIdOf(HttpRequest request) =>
        IsStream(request) && request.Headers[LastEventId] is [{ Length: > 0 } id, ..] ? id : null;

    private async Task ListAsync(ListChanges query, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(query with { Stop = lifetime.ApplicationStopping }, cancellationToken);
        if (query.Wait > 0 && (await callers.ReadAsync(HttpContext)).Problem is { } problem) // the credential has ended meanwhile
            await problem.ExecuteAsync(HttpContext);
        else
            await result.Match(
                page => JsonResponse.WriteAsync(
                    HttpContext, 200, Responses.ToChangePage(page), ApiJson.Default.ChangePageResponse),
                error => ToProblem(error).ExecuteAsync(HttpContext));
    }

    private async Task StreamAsync(ListChanges query, CancellationToken cancellationToken)
    {
        using var place = limits.Enter(HttpContext);
        if (place.Problem is { } problem)
        {
            await problem.ExecuteAsync(HttpContext);
            return;
        }

        // The first page is as large as later ones, and does not wait, because the stream does. Invalid values stay invalid.
        var limit = query.Limit is > 0 and <= ListChanges.MaxLimit ? EventStream.PageSize : query.Limit;
        var wait = query.Wait is >= 0 and <= ListChanges.MaxWait ? 0 : query.Wait;
        var first = await mediator.Send(query with { Limit = limit, Wait = wait }, cancellationToken);
        await first.Match(SendAsync, error => ToProblem(error).ExecuteAsync(HttpContext));

        async Task SendAsync(ChangePage page)
        {
            HttpContext.Response.ContentType = EventStream.MediaType;
            HttpContext.Response.Headers["X-Accel-Buffering"] = "no"; // otherwise, nginx delays events
            if (!HttpMethods.IsHead(HttpContext.Request.Method))
                await new EventStream(broadcast, callers, clock, HttpContext).RunAsync(page, lifetime.ApplicationStopping);
        }
    }

    private Problem ToProblem(Error error) =>
        error.Kind != ErrorKind.Invalid ? Problem.From(error)
        : LastEventIdOf(HttpContext.Request) is not null && error.Inputs.Any(input => input.Code == "after.invalid")
            ? new(ProblemType.MalformedRequest, $"{LastEventId} must be the id of an event of this stream.")
        : Problem.InvalidParameters(error.Inputs);
}
