using System.Data.Common;
using UserCqrs.Infrastructure.Postgres;

namespace UserCqrs.Infrastructure.ApiKeys;

/// <summary>Keys in the users' own database, on the primary, by connections of their own.</summary>
internal sealed class PostgresApiKeyStore(PostgresDataSources sources) : ApiKeyStore
{
    protected override async Task<DbConnection?> OpenAsync(bool writes, CancellationToken cancellationToken)
    {
        var connection = sources.Keys();
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
