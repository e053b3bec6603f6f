using System.Data.Common;
using UserCqrs.Application.ApiKeys;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.ApiKeys;

/// <summary>Stores API keys in the table <c>api_keys</c>. The statements are the same for every database.</summary>
internal abstract class ApiKeyStore : IApiKeyStore
{
    private const int MaxReconnects = 2;

    /// <inheritdoc/>
    public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken) =>
        TranslateAsync(() => ReadRepeatedlyAsync(cancellationToken));

    /// <inheritdoc/>
    public virtual Task AddAsync(ApiKey key, CancellationToken cancellationToken) => ExecuteAsync(
        """
        INSERT INTO api_keys (id, name, scopes, hash, created_at, expires_at)
        VALUES (@id, @name, @scopes, @hash, @created_at, @expires_at)
        """,
        cancellationToken,
        ("id", key.Id), ("name", key.Name), ("scopes", string.Join(' ', key.Scopes)), ("hash", key.Hash),
        ("created_at", key.CreatedAt), ("expires_at", key.ExpiresAt));

    /// <inheritdoc/>
    public async Task<bool> RevokeAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        await ExecuteAsync(
            "UPDATE api_keys SET revoked_at = coalesce(revoked_at, @now) WHERE id = @id", cancellationToken,
            ("id", id), ("now", now)) == 1;

    /// <inheritdoc/>
    public Task MarkUsedAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) => ExecuteAsync(
        "UPDATE api_keys SET last_used_at = @now WHERE id = @id AND (last_used_at IS NULL OR last_used_at <= @before)",
        cancellationToken,
        ("id", id), ("now", now), ("before", now - ApiKey.LastUsedPrecision));

    /// <summary>Opens a connection. Returns <c>null</c> to a reader if no key was ever written.</summary>
    protected abstract Task<DbConnection?> OpenAsync(bool writes, CancellationToken cancellationToken);

    private async Task<IReadOnlyList<ApiKey>> ReadRepeatedlyAsync(CancellationToken cancellationToken)
    {
        for (var reconnects = 0; ; reconnects++)
        {
            try
            {
                return await ReadAsync(cancellationToken);
            }
            catch (DbException e) when (e.IsTransient && reconnects < MaxReconnects)
            {
                // A pooled connection broke while it was idle. The pool then drops all connections, and a retry opens a new one.
            }
        }
    }

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

    // Others can change the file or the table of the keys. Whatever is wrong with it, no caller is admitted until it is repaired.
    private static async Task<T> TranslateAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await DatabaseFaults.TranslateAsync(work);
        }
        catch (Exception e) when (
            e is DbException or IOException or UnauthorizedAccessException or FormatException or InvalidCastException)
        {
            throw new DatabaseUnavailableException(e.Message, e);
        }
    }

    private static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private static DateTimeOffset? TimeOrNull(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    private Task<int> ExecuteAsync(
        string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        TranslateAsync(async () =>
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
        });
}
