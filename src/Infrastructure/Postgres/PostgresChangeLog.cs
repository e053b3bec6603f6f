using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// The triggers that write the log of changes, whatever changes the users table. They name its columns, so they are made after
/// the migrations, and again when the columns change.
/// </summary>
internal static class PostgresChangeLog
{
    /// <summary>Makes the triggers that are missing, disabled or outdated.</summary>
    /// <exception cref="PostgresException">The table is in use (<c>lock_not_available</c>).</exception>
    public static async Task EnsureAsync(NpgsqlConnection connection, IReadOnlyModel model, CancellationToken cancellationToken)
    {
        if (await IsCompleteAsync(connection, model, cancellationToken))
            return;
        var functions = string.Concat(Triggers(model).Select(trigger => $"""
            CREATE OR REPLACE FUNCTION {trigger.Name}() RETURNS trigger LANGUAGE plpgsql AS $${trigger.Body}$$;
            DROP TRIGGER IF EXISTS {trigger.Name} ON users;
            CREATE TRIGGER {trigger.Name} AFTER {trigger.Event} EXECUTE FUNCTION {trigger.Name}();

            """));
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"SET LOCAL lock_timeout = '300ms'; {functions}", connection, transaction);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Whether <see cref="EnsureAsync"/> has nothing to do.</summary>
    public static async Task<bool> IsCompleteAsync(
        NpgsqlConnection connection, IReadOnlyModel model, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            SELECT tgname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
            WHERE tgrelid = 'users'::regclass AND tgenabled <> 'D'
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var bodies = new Dictionary<string, string>();
        while (await reader.ReadAsync(cancellationToken))
            bodies.Add(reader.GetString(0), reader.GetString(1));
        return Triggers(model).All(trigger => bodies.GetValueOrDefault(trigger.Name) == trigger.Body);
    }

    /// <summary>The statements that switch the triggers off or on, inside a transaction.</summary>
    public static string Switch(IReadOnlyModel model, bool isOn) => string.Concat(Triggers(model).Select(trigger =>
        $"ALTER TABLE users {(isOn ? "ENABLE" : "DISABLE")} TRIGGER {trigger.Name};"));

    // An insert may add thousands of users by one statement. The others change one, and most not the version.
    private static IEnumerable<(string Name, string Event, string Body)> Triggers(IReadOnlyModel model)
    {
        var columns = UserChangeConfiguration.CopiedColumns(model);
        yield return ("users_log_insert", "INSERT ON users REFERENCING NEW TABLE AS added FOR EACH STATEMENT", Body(
            columns, $"CASE version WHEN 1 THEN {UserChangeType.Created:D} ELSE {UserChangeType.Restored:D} END",
            "version", "updated_at", "", " FROM added ORDER BY id"));
        yield return ("users_log_update", "UPDATE ON users FOR EACH ROW WHEN (new.version <> old.version)", Body(
            columns, $"{UserChangeType.Updated:D}", "new.version", "new.updated_at", "new."));
        yield return ("users_log_delete", "DELETE ON users FOR EACH ROW", Body(
            columns, $"{UserChangeType.Deleted:D}", "old.version + 1",
            "greatest(clock_timestamp(), old.updated_at + interval '1 microsecond')", "old."));
    }

    private static string Body(
        IReadOnlyList<string> columns, string type, string version, string at, string row, string from = "") =>
        $"""

        BEGIN
            INSERT INTO user_changes (type, user_id, version, at, "by", {string.Join(", ", columns)})
            SELECT {type}, {row}id, {version}, {at}, {row}changed_by, {string.Join(", ", columns.Select(it => row + it))}{from};
            RETURN NULL;
        END
        """;
}
