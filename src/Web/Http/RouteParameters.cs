using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>Reads route parameters.</summary>
internal static class RouteParameters
{
    /// <summary>The name of the parameter <c>{externalId}</c>.</summary>
    public const string ExternalId = "externalId";

    private const string Slash = "%2F";

    /// <summary>The id in the route; its constraint <c>{id:long}</c> guarantees that it parses.</summary>
    public static long RouteId(this HttpRequest request) =>
        long.Parse((string)request.RouteValues["id"]!, NumberStyles.Integer, CultureInfo.InvariantCulture);

    /// <summary>
    /// The external id, which is the last segment of the path, or the problem if it is not percent-encoded UTF-8. It is decoded
    /// here, because in the value of the route, Kestrel leaves <c>%2F</c> as it is, and so decodes <c>%252F</c> to the same.
    /// </summary>
    public static (string ExternalId, Problem? Problem) ReadExternalId(this HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.Split('?')[0].TrimEnd('/');
        var externalId = Decode(path[(path.LastIndexOf('/') + 1)..]);
        var routed = (string)request.RouteValues[ExternalId]!;
        return externalId is not null && WithSlashes(externalId) == WithSlashes(routed)
            ? (externalId, null)
            : ("", new(
                ProblemType.MalformedRequest, "The last segment of the path must be the external id as percent-encoded UTF-8."));
    }

    /// <summary>Whether a query string is percent-encoded UTF-8. Otherwise ASP.NET Core would take it literally.</summary>
    public static bool IsUtf8(this QueryString query) =>
        query.Value is not { } text || !text.Contains('%', StringComparison.Ordinal) || Decode(text) is not null;

    // RFC 3986 §2.1
    private static string? Decode(string segment)
    {
        var octets = new List<byte>(segment.Length);
        for (var i = 0; i < segment.Length; i++)
        {
            var octet = (byte)segment[i]; // Kestrel accepts ASCII only
            if (octet == '%' && !TryReadHex(segment.AsSpan(i + 1), out octet))
                return null;
            i += segment[i] == '%' ? 2 : 0;
            octets.Add(octet);
        }

        var utf8 = octets.ToArray();
        return Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : null;
    }

    private static bool TryReadHex(ReadOnlySpan<char> text, out byte octet)
    {
        octet = 0;
        return text.Length >= 2
            && byte.TryParse(text[..2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out octet);
    }

    private static string WithSlashes(string text) => text.Replace(Slash, "/", StringComparison.OrdinalIgnoreCase);
}
