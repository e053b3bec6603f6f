using Microsoft.Data.Sqlite;
using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>
/// Keeps the full-text index of search texts, <c>users_search</c>, up to date. Triggers note each change in the table
/// <c>users_unindexed</c>; before the COMMIT, this class indexes all changes of the transaction at once. Indexing in the triggers
/// would cost several times as much, because FTS5 writes to the disk at every savepoint.
/// </summary>
internal sealed class SqliteSearchIndex : IDisposable
{
    /// <summary>The table in which triggers note changes.</summary>
    public const string ChangeTable = "users_unindexed";

    private const int BatchSize = 5_000;

    // Rows of the table that belong to no user: the index has terms of erased users; it is being merged, which removes them.
    private const int Erased = 0;
    private const int Merging = -1;

    // About a quarter of a MiB, so that other commands wait for milliseconds.
    private const int PagesPerMerge = 64;

    // FTS5 splits text into terms here and nowhere else.
    private const char Separator = '\u2028';

    // CROSS JOIN fixes the order of the loops: the other one would visit all users to find the few that have changed.
    private static readonly string[] Statements =
    [
        """
        INSERT INTO users_search (users_search, rowid, terms)
        SELECT 'delete', user_id, search_terms(indexed_text) FROM users_unindexed WHERE indexed_text IS NOT NULL
        """,
        """
        INSERT INTO users_search (rowid, terms)
        SELECT id, search_terms(search_text) FROM users_unindexed CROSS JOIN users ON id = user_id
        WHERE search_text IS NOT NULL
        """,
        "DELETE FROM users_unindexed WHERE user_id > 0",
    ];

    private readonly SqliteCommand[] _update;

    public SqliteSearchIndex(SqliteConnection connection)
    {
        connection.CreateFunction<string, string>(
            "search_terms", static text => SearchTerm.Join(text, Separator), isDeterministic: true);
        _update = [.. Statements.Select(sql => new SqliteCommand(sql, connection))];
    }

    /// <summary>Indexes all changes that triggers have noted, inside the transaction of the caller.</summary>
    public void Update()
    {
        foreach (var command in _update)
            command.ExecuteNonQuery();
    }

    /// <summary>
    /// Checks that the triggers exist: rebuilding the table by hand loses them, and changes would not be found.
    /// </summary>
    /// <exception cref="ConfigurationException">A trigger is missing.</exception>
    public static void ThrowIfIncomplete(SqliteConnection connection)
    {
        const string triggers = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'users_unindexed_*'";
        if (SqliteFile.Scalar(connection, triggers) < 3)
            throw new ConfigurationException(
                "The database lacks triggers of the table users, by which searches find what was written. Restore a backup.");
    }

    /// <summary>
    /// Notes that a user was erased. FTS5 removes the terms of a deleted user only when it merges the parts of the index.
    /// </summary>
    public static void NoteErasure(SqliteConnection connection) =>
        SqliteFile.Execute(connection, $"INSERT OR IGNORE INTO users_unindexed VALUES ({Erased}, NULL)");

    /// <summary>
    /// Merges the parts of the index if it may have terms of erased users, a limited number of pages at once. Returns whether
    /// there is more to merge.
    /// </summary>
    public static bool Purge(SqliteConnection connection)
    {
        var pages = PagesPerMerge;
        if (!Has(connection, Merging))
        {
            if (!Has(connection, Erased))
                return false;
            SqliteFile.Execute(connection, $"UPDATE users_unindexed SET user_id = {Merging} WHERE user_id = {Erased}");
            pages = -PagesPerMerge; // a negative number begins to merge all parts into one
        }

        var before = SqliteFile.Scalar(connection, "SELECT total_changes()");
        SqliteFile.Execute(connection, $"INSERT INTO users_search (users_search, rank) VALUES ('merge', {pages})");
        if (SqliteFile.Scalar(connection, "SELECT total_changes()") - before < 2) // as FTS5 says that it has nothing more to do
            SqliteFile.Execute(connection, $"DELETE FROM users_unindexed WHERE user_id = {Merging}");
        return Has(connection, Merging) || Has(connection, Erased);
    }

    /// <summary>
    /// Computes the search texts that are missing because an older version stored the users, in small transactions.
    /// </summary>
    public void Fill(SqliteConnection connection, Action<string> report, CancellationToken cancellationToken)
    {
        using var read = new SqliteCommand(
            "SELECT id, name, email, external_id FROM users WHERE search_text IS NULL ORDER BY id LIMIT $count", connection);
        read.Parameters.AddWithValue("$count", BatchSize);
        using var write = new SqliteCommand("UPDATE users SET search_text = $text WHERE id = $id", connection);
        var (text, id) = (write.Parameters.AddWithValue("$text", null), write.Parameters.AddWithValue("$id", null));
        var progress = new Progress(
            report, "Making users searchable",
            SqliteFile.Scalar(connection, "SELECT count(*) FROM users WHERE search_text IS NULL"));
        int count;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            SqliteFile.Execute(connection, "BEGIN IMMEDIATE");
            var users = new List<(long Id, string Text)>();
            using (var reader = read.ExecuteReader())
            {
                while (reader.Read())
                    users.Add((reader.GetInt64(0), SearchText.Of(
                        reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3))));
            }

            foreach (var user in users)
            {
                (id.Value, text.Value) = (user.Id, user.Text);
                write.ExecuteNonQuery();
            }

            Update();
            SqliteFile.Execute(connection, "COMMIT");
            count = users.Count;
            progress.Add(count);
        }
        while (count == BatchSize);
    }

    /// <summary>The expression by which FTS5 finds the texts that have all of the terms.</summary>
    public static string Match(IEnumerable<SearchTerm> terms) => string.Join(" AND ", terms.Select(term =>
        $"\"{term.Value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"{(term.IsPrefix ? " *" : "")}"));

    public void Dispose() => Array.ForEach(_update, command => command.Dispose());

    private static bool Has(SqliteConnection connection, int row) =>
        SqliteFile.Scalar(connection, $"SELECT count(*) FROM users_unindexed WHERE user_id = {row}") > 0;
}
