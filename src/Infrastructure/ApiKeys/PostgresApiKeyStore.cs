using System.Data.Common;
using UserCqrs.Infrastructure.Postgres;

namespace UserCqrs.Infrastructure.ApiKeys;

/// <summary>Stores API keys in the database of the users, on the primary, with a separate pool of connections.</summary>
internal sealed class PostgresApiKeyStore(PostgresDataSources sources) : ApiKeyStore
{
    protected override async Task<DbConnection?> OpenAsync(bool writes, CancellationToken cancellationToken)
    {
        var connection = sources.Keys();
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
