namespace UserCqrs.Infrastructure.ApiKeys;

/// <summary>A key as it is kept: who has it, what it may do and until when, and of its secret no more than a hash.</summary>
/// <param name="Id">8 base62 characters, which the token begins with; no secret.</param>
/// <param name="Name">What its owner is called, for people.</param>
/// <param name="Scopes">What it may do, such as <c>users:read</c>.</param>
/// <param name="Hash">SHA-256 of the whole token.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="ExpiresAt">UTC; from then on it is refused. <c>null</c>: never.</param>
/// <param name="RevokedAt">UTC; <c>null</c> while it is good.</param>
/// <param name="LastUsedAt">UTC, to within a minute; <c>null</c> before the first use.</param>
public sealed record ApiKey(
    string Id, string Name, IReadOnlyList<string> Scopes, byte[] Hash, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt = null, DateTimeOffset? LastUsedAt = null)
{
    /// <summary>A new key, and the token that is shown once.</summary>
    /// <param name="name">What its owner is called.</param>
    /// <param name="scopes">What it may do.</param>
    /// <param name="now">When it is made.</param>
    /// <param name="lifetime">How long it is good; <c>null</c>: for ever.</param>
    public static (ApiKey Key, string Token) Create(
        string name, IReadOnlyList<string> scopes, DateTimeOffset now, TimeSpan? lifetime)
    {
        var token = ApiKeyToken.Create();
        var hash = new byte[32];
        ApiKeyToken.Hash(token, hash);
        return (new(ApiKeyToken.IdOf(token).ToString(), name, scopes, hash, now, now + lifetime), token);
    }
}
