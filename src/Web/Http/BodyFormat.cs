using Microsoft.Net.Http.Headers;
using UserCqrs.Web.Hosting;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>What a body must be to be read.</summary>
/// <param name="MediaType">Its media type.</param>
/// <param name="Strict">Whether unknown and duplicate members are errors, and a query string is one too.</param>
internal sealed record BodyFormat(string MediaType, bool Strict)
{
    public static readonly BodyFormat Json = new("application/json", Strict: true);

    public static readonly BodyFormat MergePatch = new("application/merge-patch+json", Strict: true);

    /// <summary>As FastAPI reads: unknown members are ignored, of duplicates the last one counts.</summary>
    public static readonly BodyFormat Classic = new("application/json", Strict: false);

    /// <summary>Whether the body is of this media type, and not compressed.</summary>
    public bool IsThatOf(HttpRequest request) =>
        IsMediaType(request.ContentType) && request.Headers.ContentEncoding is [] or ["identity"];

    /// <summary>415, 413 for a body that says that it is too long, or <c>null</c>.</summary>
    public Problem? Refuse(HttpRequest request) =>
        Strict && !IsThatOf(request) ? WrongMediaType(request)
        : request.ContentLength > KestrelLimits.MaxBody ? new(ProblemType.PayloadTooLarge)
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
