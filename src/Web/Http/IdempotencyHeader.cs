using System.Security.Cryptography;
using System.Text;
using UserCqrs.Application.Common;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>
/// Reads <c>Idempotency-Key</c> (draft-ietf-httpapi-idempotency-key-header), and says whether a response is a replay.
/// </summary>
internal static class IdempotencyHeader
{
    public const string Name = "Idempotency-Key";

    public const string Replayed = "Idempotency-Replayed";

    private static readonly Problem Malformed = new(
        ProblemType.MalformedRequest, $"{Name} must be given once, as 1 to {IdempotencyKey.MaxLength} visible ASCII characters.");

    /// <summary>Reads the key, if there is one. The body, of which it takes a hash, can still be read.</summary>
    public static async ValueTask<(IdempotencyKey? Key, Problem? Problem)> ReadAsync(
        HttpRequest request, CancellationToken cancellationToken)
    {
        var (value, malformed) = Read(request);
        if (value is null)
            return (null, malformed);
        using var fingerprint = FingerprintOf(request);
        fingerprint.AppendData((await RequestBody.KeepAsync(request, cancellationToken)).Span);
        return (new(value, Convert.ToHexStringLower(fingerprint.GetHashAndReset())), null);
    }

    /// <summary>Reads the header alone.</summary>
    public static (string? Value, Problem? Problem) Read(HttpRequest request) => request.Headers[Name] switch
    {
        [] => (null, null),
        [{ } value] when IdempotencyKey.IsValid(value) => (value, null),
        _ => (null, Malformed),
    };

    /// <summary>The hash of a request, to which its body is to be added.</summary>
    public static IncrementalHash FingerprintOf(HttpRequest request)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        return hash;
    }

    /// <summary>Marks the response as the one to an earlier request with the same key.</summary>
    public static void Mark(HttpResponse response, bool isReplayed)
    {
        if (isReplayed)
            response.Headers[Replayed] = "true";
    }
}
