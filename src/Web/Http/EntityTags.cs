using System.Globalization;
using Microsoft.Net.Http.Headers;
using UserCqrs.Application.Common;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>A user's version as a strong entity tag, and the headers that compare it (RFC 9110 §8.8.3, §13.1).</summary>
internal static class EntityTags
{
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Whether <c>If-None-Match</c> names this version, so that 304 says all there is to say.</summary>
    public static bool IsKnown(HttpRequest request, long version)
    {
        if (request.Headers.IfNoneMatch.Count == 0
            || !EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags))
            return false;
        var current = Of(version);
        return tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Tag.Equals(current, StringComparison.Ordinal));
    }

    /// <summary>What <c>If-Match</c> asks for.</summary>
    public static (Precondition? Precondition, Problem? Refusal) ReadIfMatch(HttpRequest request, Precondition whenAbsent)
    {
        var header = request.Headers.IfMatch;
        if (header.Count == 0)
            return (whenAbsent, null);
        if (!EntityTagHeaderValue.TryParseStrictList(header, out var tags)
            || (tags.Count > 1 && tags.Contains(EntityTagHeaderValue.Any)))
            return (null, new Problem(ProblemType.MalformedRequest, "If-Match must be * or a list of entity tags such as \"7\"."));
        if (tags.Contains(EntityTagHeaderValue.Any))
            return (Precondition.None, null);

        // Weak tags never match here, nor do tags that are not of this service's making.
        return (Precondition.VersionIn([.. tags.Where(tag => !tag.IsWeak).Select(VersionOf).OfType<long>()]), null);
    }

    private static long? VersionOf(EntityTagHeaderValue tag) =>
        long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
        && tag.Tag.Equals(Of(version), StringComparison.Ordinal)
            ? version
            : null;
}
