namespace UserCqrs.Domain;

/// <summary>
/// An API key: its owner, its scopes and its times, but only a hash of its token. It is valid until it expires or is revoked; a
/// revocation is permanent.
/// </summary>
/// <param name="Id">The key's id: 8 base62 characters, which follow the prefix of the token. It is not secret.</param>
/// <param name="Name">The name of the key's owner, for people.</param>
/// <param name="Scopes">The scopes of the key, such as <c>users:read</c>.</param>
/// <param name="Hash">SHA-256 of the whole token.</param>
/// <param name="CreatedAt">The time of creation, UTC.</param>
/// <param name="ExpiresAt">The time from which the key is invalid, UTC; <c>null</c> if it does not expire.</param>
/// <param name="RevokedAt">The time at which the key was revoked, UTC; <c>null</c> if it was not.</param>
/// <param name="LastUsedAt">The time of the last use, UTC, to within a minute; <c>null</c> before the first use.</param>
public sealed record ApiKey(
    string Id, string Name, IReadOnlyList<string> Scopes, byte[] Hash, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt = null, DateTimeOffset? LastUsedAt = null)
{
    /// <summary>How far <see cref="LastUsedAt"/> may lag, so that not every request causes a write: one minute.</summary>
    public static readonly TimeSpan LastUsedPrecision = TimeSpan.FromMinutes(1);

    /// <summary>Creates a key and its token, which is shown once.</summary>
    /// <param name="name">The name of the key's owner.</param>
    /// <param name="scopes">The scopes of the key.</param>
    /// <param name="now">The time of creation.</param>
    /// <param name="lifetime">How long the key is valid; <c>null</c> if it does not expire.</param>
    public static (ApiKey Key, string Token) Create(
        string name, IReadOnlyList<string> scopes, DateTimeOffset now, TimeSpan? lifetime)
    {
        var token = ApiKeyToken.Create();
        var hash = new byte[32];
        ApiKeyToken.Hash(token, hash);
        return (new(ApiKeyToken.IdOf(token).ToString(), name, scopes, hash, now, now + lifetime), token);
    }
}
