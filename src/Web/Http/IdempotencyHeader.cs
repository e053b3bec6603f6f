using System.Security.Cryptography;
using System.Text;
using UserCqrs.Application.Common;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>Reads <c>Idempotency-Key</c> (draft-ietf-httpapi-idempotency-key-header), and says whether a response is a replay.</summary>
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
        var header = request.Headers[Name];
        if (header.Count == 0)
            return (null, null);
        if (header is not [{ } value] || !IdempotencyKey.IsValid(value))
            return (null, Malformed);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        hash.AppendData((await RequestBody.KeepAsync(request, cancellationToken)).Span);
        return (new(value, Convert.ToHexStringLower(hash.GetHashAndReset())), null);
    }

    /// <summary>Marks the response as the one to an earlier request with the same key.</summary>
    public static void Mark(HttpResponse response, bool isReplayed)
    {
        if (isReplayed)
            response.Headers[Replayed] = "true";
    }
}
