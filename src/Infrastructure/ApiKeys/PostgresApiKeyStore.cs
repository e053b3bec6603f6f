using System.Data.Common;
using UserCqrs.Domain;
using UserCqrs.Infrastructure.Postgres;

namespace UserCqrs.Infrastructure.ApiKeys;

/// <summary>Stores API keys in the database of the users, on the primary, with a separate pool of connections.</summary>
/// <param name="sources">The pools of connections.</param>
/// <param name="migrator">Brings the schema up to date before a key is added; <c>null</c> if the service has done so.</param>
internal sealed class PostgresApiKeyStore(PostgresDataSources sources, PostgresMigrator? migrator = null) : ApiKeyStore
{
    /// <inheritdoc/>
    public override async Task AddAsync(ApiKey key, CancellationToken cancellationToken)
    {
        if (migrator is not null)
            await migrator.StartAsync(cancellationToken);
        await base.AddAsync(key, cancellationToken);
    }

    protected override async Task<DbConnection?> OpenAsync(bool writes, CancellationToken cancellationToken)
    {
        var connection = sources.Keys();
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
