using Microsoft.Net.Http.Headers;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>
/// What is refused before anyone is asked who they are: 406 for an Accept header without JSON on a strict surface (RFC 9110 §12.5.1;
/// FastAPI does not look at it), 415 and 413.
/// </summary>
internal static class Negotiation
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Operation>() is not { } operation)
            return next(context);
        var surface = ApiSurface.Of(context);
        if (surface.IsStrict && !AcceptsJson(context.Request.Headers.Accept))
            return new Problem(ProblemType.NotAcceptable).ExecuteAsync(context);
        return operation.Body?.Format.Refuse(context.Request, surface) is { } refusal ? refusal.ExecuteAsync(context) : next(context);
    }

    private static bool AcceptsJson(Microsoft.Extensions.Primitives.StringValues accept)
    {
        if (accept is [] or ["*/*"] or ["application/json"] || !MediaTypeHeaderValue.TryParseList(accept, out var ranges))
            return true;

        // The most specific range that covers JSON decides.
        var range = ranges.Where(range => Json.IsSubsetOf(range))
            .OrderByDescending(range => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2).FirstOrDefault();
        return range is not null && range.Quality is not 0;
    }
}
