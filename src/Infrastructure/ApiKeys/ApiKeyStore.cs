using System.Data.Common;

namespace UserCqrs.Infrastructure.ApiKeys;

/// <summary>Keys as they are kept, in the table <c>api_keys</c>. The statements are the same for every database.</summary>
internal abstract class ApiKeyStore
{
    /// <summary>How far <see cref="ApiKey.LastUsedAt"/> may lag behind: a busy key must not make a write of every read.</summary>
    public static readonly TimeSpan LastUsedPrecision = TimeSpan.FromMinutes(1);

    private const int MaxReconnects = 2;

    /// <summary>All keys there ever were, the oldest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken)
    {
        for (var reconnects = 0; ; reconnects++)
        {
            try
            {
                return await ReadAsync(cancellationToken);
            }
            catch (DbException e) when (e.IsTransient && reconnects < MaxReconnects)
            {
                // A pooled connection was cut while nobody used it; the pool drops them all with the first.
            }
        }
    }

    /// <summary>Adds a key.</summary>
    public Task<int> AddAsync(ApiKey key, CancellationToken cancellationToken) => ExecuteAsync(
        """
        INSERT INTO api_keys (id, name, scopes, hash, created_at, expires_at)
        VALUES (@id, @name, @scopes, @hash, @created_at, @expires_at)
        """,
        cancellationToken,
        ("id", key.Id), ("name", key.Name), ("scopes", string.Join(' ', key.Scopes)), ("hash", key.Hash),
        ("created_at", key.CreatedAt), ("expires_at", key.ExpiresAt));

    /// <summary><c>false</c>: there is no such key. One that was revoked before stays revoked since then.</summary>
    public async Task<bool> RevokeAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        await ExecuteAsync(
            "UPDATE api_keys SET revoked_at = coalesce(revoked_at, @now) WHERE id = @id", cancellationToken,
            ("id", id), ("now", now)) == 1;

    public Task MarkUsedAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) => ExecuteAsync(
        "UPDATE api_keys SET last_used_at = @now WHERE id = @id AND (last_used_at IS NULL OR last_used_at <= @before)", cancellationToken,
        ("id", id), ("now", now), ("before", now - LastUsedPrecision));

    /// <summary>An open connection; <c>null</c>: nothing was ever written.</summary>
    protected abstract Task<DbConnection?> OpenAsync(bool writes, CancellationToken cancellationToken);

    private async Task<IReadOnlyList<ApiKey>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(writes: false, cancellationToken);
        if (connection is null)
            return [];
        await using var command = Command(connection, """
            SELECT id, name, scopes, hash, created_at, expires_at, revoked_at, last_used_at FROM api_keys ORDER BY created_at, id
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<ApiKey>();
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(new(
                reader.GetString(0), reader.GetString(1), reader.GetString(2).Split(' '), reader.GetFieldValue<byte[]>(3),
                reader.GetFieldValue<DateTimeOffset>(4), TimeOrNull(reader, 5), TimeOrNull(reader, 6), TimeOrNull(reader, 7)));
        }

        return keys;
    }

    private static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private static DateTimeOffset? TimeOrNull(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var connection = (await OpenAsync(writes: true, cancellationToken))!;
        await using var command = Command(connection, sql);
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
