using Npgsql;
using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>The index of search texts on PostgreSQL: a GIN index over their terms.</summary>
internal static class PostgresSearchIndex
{
    private const int BatchSize = 2_000;

    /// <summary>
    /// The statement that makes the index. Searches read its list of pending entries from the start to the end, so it must stay
    /// short.
    /// </summary>
    public const string Definition =
        "USING gin (users_search_terms(search_text)) WITH (gin_pending_list_limit = 256)"; // kB

    public const string Name = "ix_users_search";

    /// <summary>Whether every user has a search text.</summary>
    public static async Task<bool> IsFilledAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT NOT EXISTS (SELECT FROM users WHERE search_text IS NULL)", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// Computes the search texts that are missing because an older version stored the users, in small transactions.
    /// </summary>
    public static async Task FillAsync(NpgsqlConnection connection, Action<string> report, CancellationToken cancellationToken)
    {
        await using var count = new NpgsqlCommand("SELECT count(*) FROM users WHERE search_text IS NULL", connection);
        var progress = new Progress(
            report, "Making users searchable", (long)(await count.ExecuteScalarAsync(cancellationToken))!);
        List<(long Id, long Version, string Text)> users;
        var after = 0L; // a user that is changed meanwhile has a search text
        do
        {
            users = await ReadAsync(connection, after, cancellationToken);
            await using var write = new NpgsqlCommand("""
                UPDATE users SET search_text = filled.text
                FROM unnest($1, $2, $3) AS filled(id, version, text) WHERE users.id = filled.id AND users.version = filled.version
                """, connection)
            {
                Parameters =
                {
                    new() { Value = users.ConvertAll(user => user.Id).ToArray() },
                    new() { Value = users.ConvertAll(user => user.Version).ToArray() },
                    new() { Value = users.ConvertAll(user => user.Text).ToArray() },
                },
            };
            await write.ExecuteNonQueryAsync(cancellationToken);
            progress.Add(users.Count);
            after = users.Count == 0 ? after : users[^1].Id;
        }
        while (users.Count == BatchSize);
    }

    /// <summary>The tsquery that finds the texts that have all of the terms.</summary>
    public static string Query(IEnumerable<SearchTerm> terms) => string.Join(" & ", terms.Select(term =>
        $"'{term.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'"
        + (term.IsPrefix ? ":*" : "")));

    private static async Task<List<(long Id, long Version, string Text)>> ReadAsync(
        NpgsqlConnection connection, long after, CancellationToken cancellationToken)
    {
        await using var read = new NpgsqlCommand($"""
            SELECT id, version, name, email, external_id FROM users WHERE search_text IS NULL AND id > $1
            ORDER BY id LIMIT {BatchSize}
            """, connection) { Parameters = { new() { Value = after } } };
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var users = new List<(long, long, string)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var externalId = await reader.IsDBNullAsync(4, cancellationToken) ? null : reader.GetString(4);
            users.Add((reader.GetInt64(0), reader.GetInt64(1),
                SearchText.Of(reader.GetString(2), reader.GetString(3), externalId)));
        }

        return users;
    }
}
