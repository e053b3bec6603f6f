using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using UserCqrs.Application.Common;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>Writes the version of a user as a strong entity tag, and reads preconditions (RFC 9110 §8.8.3, §13.1).</summary>
internal static class EntityTags
{
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Reads <c>If-Match</c>, then <c>If-None-Match</c>, in the order of RFC 9110 §13.2.2.</summary>
    public static (Precondition? Precondition, Problem? Problem) ReadPrecondition(HttpRequest request, Precondition whenAbsent)
    {
        var (ifMatch, malformed) = ReadIfMatch(request, whenAbsent);
        if (ifMatch is null)
            return (null, malformed);
        (var ifNoneMatch, malformed) = ReadIfNoneMatch(request);
        return (ifNoneMatch is null ? null : ifMatch.And(ifNoneMatch), malformed);
    }

    /// <summary>Reads <c>If-Match</c>. Weak tags, and tags that are not versions, match no user.</summary>
    public static (Precondition? Precondition, Problem? Problem) ReadIfMatch(HttpRequest request, Precondition whenAbsent) =>
        Read("If-Match", request.Headers.IfMatch, whenAbsent, whenAny: Precondition.AnyUser,
            tags => Precondition.VersionIn([.. tags.Where(tag => !tag.IsWeak).Select(VersionOf).OfType<long>()]));

    /// <summary>Reads <c>If-None-Match</c>. Weak tags match in the same way as strong ones.</summary>
    public static (Precondition? Precondition, Problem? Problem) ReadIfNoneMatch(HttpRequest request) =>
        Read("If-None-Match", request.Headers.IfNoneMatch, whenAbsent: Precondition.None, whenAny: Precondition.NoUser,
            tags => Precondition.VersionNotIn([.. tags.Select(VersionOf).OfType<long>()]));

    /// <summary>The problem for a header that is not a list of entity tags.</summary>
    public static Problem Malformed(string name) =>
        new(ProblemType.MalformedRequest, $"{name} must be * or a list of entity tags such as \"7\".");

    private static (Precondition?, Problem?) Read(
        string name, StringValues header, Precondition whenAbsent, Precondition whenAny,
        Func<IList<EntityTagHeaderValue>, Precondition> whenListed)
    {
        if (header.Count == 0)
            return (whenAbsent, null);
        if (!EntityTagHeaderValue.TryParseStrictList(header, out var tags)
            || (tags.Count > 1 && tags.Contains(EntityTagHeaderValue.Any)))
            return (null, Malformed(name));
        return (tags.Contains(EntityTagHeaderValue.Any) ? whenAny : whenListed(tags), null);
    }

    private static long? VersionOf(EntityTagHeaderValue tag) =>
        long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
        && tag.Tag.Equals(Of(version), StringComparison.Ordinal)
            ? version
            : null;
}
