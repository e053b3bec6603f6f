using Npgsql;
using UserCqrs.Application.Users;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// The indexes that are not part of a migration: that of the search texts, which is made after the texts, and those of the
/// attributes that lists can be filtered by. All are made without blocking writers.
/// </summary>
internal static class PostgresIndexes
{
    private const string AttributePrefix = "ix_users_attributes.";

    /// <summary>Makes the indexes that are missing or were interrupted, and removes those that are no longer wanted.</summary>
    /// <param name="connection">An open connection without a transaction.</param>
    /// <param name="attributes">The attributes that are to have an index; <c>null</c> keeps their indexes as they are.</param>
    /// <param name="report">Receives the progress of long steps.</param>
    /// <param name="cancellationToken">Cancels; the next start continues.</param>
    public static async Task UpdateAsync(
        NpgsqlConnection connection, IndexedAttributes? attributes, Action<string> report, CancellationToken cancellationToken)
    {
        var existing = await ReadAsync(connection, cancellationToken);
        var wanted = Wanted(attributes);
        foreach (var (name, isValid) in existing)
        {
            if (isValid && (wanted.ContainsKey(name) || attributes is null))
                continue;
            report($"Removing the index {name}, which is {(isValid ? "no longer listed in the settings" : "incomplete")}");
            await ExecuteAsync(connection, $"DROP INDEX CONCURRENTLY IF EXISTS \"{name}\"", cancellationToken);
        }

        foreach (var (name, definition) in wanted.Where(index => !existing.GetValueOrDefault(index.Key)))
        {
            await Progress.DuringAsync($"Making the index {name}", report, () => ExecuteAsync(
                connection, $"CREATE INDEX CONCURRENTLY \"{name}\" ON users {definition}", cancellationToken));
        }
    }

    /// <summary>Whether <see cref="UpdateAsync"/> has nothing to do.</summary>
    public static async Task<bool> AreCurrentAsync(
        NpgsqlConnection connection, IndexedAttributes? attributes, CancellationToken cancellationToken)
    {
        var existing = await ReadAsync(connection, cancellationToken);
        var wanted = Wanted(attributes);
        return wanted.Keys.All(name => existing.GetValueOrDefault(name))
            && (attributes is null || existing.Count == wanted.Count);
    }

    private static Dictionary<string, string> Wanted(IndexedAttributes? attributes)
    {
        var wanted = new Dictionary<string, string> { [PostgresSearchIndex.Name] = PostgresSearchIndex.Definition };
        foreach (var path in attributes?.Paths ?? [])
            wanted[AttributePrefix + path] = AttributeIndex(path);
        return wanted;
    }

    private static string AttributeIndex(string path)
    {
        var value = $"users_attribute(attributes, '{path}')"; // a path has no character that needs an escape
        return $"(({value}), id) WHERE {value} IS NOT NULL";
    }

    private static async Task<Dictionary<string, bool>> ReadAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            SELECT relname, indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE indrelid = 'users'::regclass AND (relname = $1 OR starts_with(relname, $2))
            """, connection)
        {
            Parameters = { new() { Value = PostgresSearchIndex.Name }, new() { Value = AttributePrefix } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var indexes = new Dictionary<string, bool>();
        while (await reader.ReadAsync(cancellationToken))
            indexes.Add(reader.GetString(0), reader.GetBoolean(1));
        return indexes;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
