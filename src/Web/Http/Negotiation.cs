using Microsoft.Net.Http.Headers;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>
/// Rejects requests before authentication: 406 if the Accept header excludes JSON, on a strict surface (RFC 9110 §12.5.1; FastAPI
/// ignores the header), 415 and 413.
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
        return operation.Body?.Format.Check(context.Request, surface) is { } problem
            ? problem.ExecuteAsync(context)
            : next(context);
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
