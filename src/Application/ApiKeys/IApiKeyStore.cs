using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.ApiKeys;

/// <summary>The port that stores API keys. Each call is a transaction by itself.</summary>
/// <remarks>Every method throws <see cref="DatabaseUnavailableException"/> if the keys cannot be used now.</remarks>
public interface IApiKeyStore
{
    /// <summary>Reads all keys, revoked and expired ones included, the oldest first.</summary>
    Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Adds a key.</summary>
    Task AddAsync(ApiKey key, CancellationToken cancellationToken);

    /// <summary>Revokes a key. Returns <c>false</c> if it does not exist. The first time of revocation is kept.</summary>
    Task<bool> RevokeAsync(string id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Records a use of a key, to within <see cref="ApiKey.LastUsedPrecision"/>.</summary>
    Task MarkUsedAsync(string id, DateTimeOffset now, CancellationToken cancellationToken);
}
