using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Metadata;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>
/// The triggers that write the log of changes, whatever changes the users table. They name its columns, so they are made after
/// the migrations, and again when the columns change.
/// </summary>
internal static class SqliteChangeLog
{
    /// <summary>Makes the triggers that are missing or outdated.</summary>
    public static void Ensure(SqliteConnection connection, IReadOnlyModel model)
    {
        foreach (var (name, sql) in Triggers(model).Where(trigger => !Exists(connection, trigger.Sql)))
            SqliteFile.Execute(connection, $"DROP TRIGGER IF EXISTS {name}; {sql}");
    }

    /// <summary>Whether <see cref="Ensure"/> has nothing to do.</summary>
    public static bool IsComplete(SqliteConnection connection, IReadOnlyModel model) =>
        Triggers(model).All(trigger => Exists(connection, trigger.Sql));

    /// <summary>Removes the triggers, so that what follows is not logged.</summary>
    public static void Remove(SqliteConnection connection, IReadOnlyModel model) =>
        SqliteFile.Execute(connection, string.Join(' ', Triggers(model).Select(trigger => $"DROP TRIGGER {trigger.Name};")));

    private static bool Exists(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand("SELECT count(*) FROM sqlite_schema WHERE sql = $sql", connection);
        command.Parameters.AddWithValue("$sql", sql);
        return (long)command.ExecuteScalar()! == 1;
    }

    private static IEnumerable<(string Name, string Sql)> Triggers(IReadOnlyModel model)
    {
        var columns = UserChangeConfiguration.CopiedColumns(model);
        yield return Trigger(
            "users_log_insert", "INSERT", "new", columns,
            $"CASE new.version WHEN 1 THEN {UserChangeType.Created:D} ELSE {UserChangeType.Restored:D} END",
            "new.version", "new.updated_at");
        yield return Trigger(
            "users_log_update", "UPDATE", "new", columns, $"{UserChangeType.Updated:D}", "new.version", "new.updated_at",
            "WHEN new.version <> old.version ");
        yield return Trigger(
            "users_log_delete", "DELETE", "old", columns, $"{UserChangeType.Deleted:D}", "old.version + 1",
            "max(CAST(unixepoch('now', 'subsec') * 1000000 AS INTEGER), old.updated_at + 1)");
    }

    private static (string Name, string Sql) Trigger(
        string name, string operation, string row, IReadOnlyList<string> columns, string type, string version, string at,
        string condition = "") =>
        (name, $"""
            CREATE TRIGGER {name} AFTER {operation} ON users {condition}BEGIN
                INSERT INTO user_changes (type, user_id, version, at, "by", {string.Join(", ", columns)})
                SELECT {type}, {row}.id, {version}, {at}, {row}.changed_by,
                    {string.Join(", ", columns.Select(column => $"{row}.{column}"))};
            END
            """);
}
