using Microsoft.Net.Http.Headers;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>406 for who accepts no JSON from a v1 route (RFC 9110 §12.5.1). Classic, as FastAPI, does not look.</summary>
internal static class Negotiation
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        context.Request.Path.StartsWithSegments("/v1") && context.GetEndpoint()?.Metadata.GetMetadata<Operation>() is not null
        && !AcceptsJson(context.Request.Headers.Accept)
            ? new Problem(ProblemType.NotAcceptable).ExecuteAsync(context)
            : next(context);

    private static bool AcceptsJson(Microsoft.Extensions.Primitives.StringValues accept)
    {
        if (accept is [] or ["*/*"] or ["application/json"] || !MediaTypeHeaderValue.TryParseList(accept, out var ranges))
            return true;

        // The most specific range that covers JSON decides.
        var range = ranges.Where(range => Json.IsSubsetOf(range))
            .OrderByDescending(range => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2).FirstOrDefault();
        return range is not null && range.Quality is not 0;
    }

    private static readonly MediaTypeHeaderValue Json = new("application/json");
}
