using Microsoft.Net.Http.Headers;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>The format that a body must have: a media type, in UTF-8 and uncompressed.</summary>
/// <param name="MediaType">The media type.</param>
internal sealed record BodyFormat(string MediaType)
{
    public static readonly BodyFormat Json = new("application/json");

    public static readonly BodyFormat MergePatch = new("application/merge-patch+json");

    /// <summary>Whether the body has this media type and is not compressed.</summary>
    public bool IsThatOf(HttpRequest request) =>
        IsMediaType(request.ContentType) && request.Headers.ContentEncoding is [] or ["identity"];

    /// <summary>
    /// 415 for another format (on a strict surface), 413 if <c>Content-Length</c> is too large, or <c>null</c>.
    /// </summary>
    public Problem? Check(HttpRequest request, ApiSurface surface) =>
        surface.IsStrict && !IsThatOf(request) ? WrongMediaType(request)
        : request.ContentLength > surface.MaxBody ? new(ProblemType.PayloadTooLarge)
        : null;

    /// <summary>The problem for a body in another format.</summary>
    public Problem WrongMediaType() => WrongMediaType([this]);

    /// <summary>The problem for a body that has none of these formats.</summary>
    public static Problem WrongMediaType(IEnumerable<BodyFormat> formats) => new(
        ProblemType.UnsupportedMediaType,
        $"Send {string.Join(" or ", formats.Select(format => format.MediaType))}, in UTF-8 and uncompressed.");

    private bool IsMediaType(string? contentType)
    {
        if (contentType == MediaType)
            return true;
        return MediaTypeHeaderValue.TryParse(contentType, out var type)
            && type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue
                || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }

    private Problem WrongMediaType(HttpRequest request)
    {
        if (this == MergePatch)
            request.HttpContext.Response.Headers["Accept-Patch"] = MediaType;
        return WrongMediaType();
    }
}
