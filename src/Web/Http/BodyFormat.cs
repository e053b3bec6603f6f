using Microsoft.Net.Http.Headers;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>What a body must be to be read.</summary>
/// <param name="MediaType">Its media type.</param>
internal sealed record BodyFormat(string MediaType)
{
    public static readonly BodyFormat Json = new("application/json");

    public static readonly BodyFormat MergePatch = new("application/merge-patch+json");

    /// <summary>Whether the body is of this media type, and not compressed.</summary>
    public bool IsThatOf(HttpRequest request) =>
        IsMediaType(request.ContentType) && request.Headers.ContentEncoding is [] or ["identity"];

    /// <summary>415, 413 for a body that says that it is too long, or <c>null</c>.</summary>
    public Problem? Refuse(HttpRequest request, ApiSurface surface) =>
        surface.IsStrict && !IsThatOf(request) ? WrongMediaType(request)
        : request.ContentLength > surface.MaxBody ? new(ProblemType.PayloadTooLarge)
        : null;

    /// <summary>The answer to a body of another media type.</summary>
    public Problem WrongMediaType() => new(ProblemType.UnsupportedMediaType, $"Send {MediaType}, in UTF-8 and uncompressed.");

    private bool IsMediaType(string? contentType)
    {
        if (contentType == MediaType)
            return true;
        return MediaTypeHeaderValue.TryParse(contentType, out var type)
            && type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }

    private Problem WrongMediaType(HttpRequest request)
    {
        if (this == MergePatch)
            request.HttpContext.Response.Headers["Accept-Patch"] = MediaType;
        return WrongMediaType();
    }
}
