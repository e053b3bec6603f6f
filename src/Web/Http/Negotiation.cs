using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>
/// Rejects requests before authentication: 406 if the Accept header excludes the media types of the route, on a strict surface
/// (RFC 9110 §12.5.1; FastAPI ignores the header), 415 and 413.
/// </summary>
internal static class Negotiation
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Operation>() is not { } operation)
            return next(context);
        var surface = ApiSurface.Of(context);
        if (surface.IsStrict && !operation.MediaTypes.Any(type => Quality(context.Request.Headers.Accept, type) > 0))
            return new Problem(ProblemType.NotAcceptable).ExecuteAsync(context);
        if (operation.Streams.Count > 0 && !operation.Streams.Any(format => format.IsThatOf(context.Request)))
            return BodyFormat.WrongMediaType(operation.Streams).ExecuteAsync(context);
        return operation.Body?.Format.Check(context.Request, surface) is { } problem
            ? problem.ExecuteAsync(context)
            : next(context);
    }

    /// <summary>Whether the client prefers a media type to JSON.</summary>
    public static bool Prefers(StringValues accept, string mediaType) =>
        Quality(accept, mediaType) > Quality(accept, "application/json");

    private static double Quality(StringValues accept, string mediaType)
    {
        if (accept is [] or ["*/*"] || accept == mediaType || !MediaTypeHeaderValue.TryParseList(accept, out var ranges))
            return 1;

        // The most specific range that covers the type decides.
        var type = new MediaTypeHeaderValue(mediaType);
        var range = ranges.Where(range => type.IsSubsetOf(range))
            .OrderByDescending(range => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2).FirstOrDefault();
        return range is null ? 0 : range.Quality ?? 1;
    }
}
