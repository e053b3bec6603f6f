using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.UnitTests.Infrastructure.Sqlite;

public sealed class MigrationsTests
{
    [Fact]
    public void The_snapshot_is_the_model()
    {
        using var connection = Open();
        using var db = new SqliteWriteContext(SqliteModel.Use<SqliteWriteContext>(connection).Options);

        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public void Migrations_make_the_schema_that_the_model_makes()
    {
        Assert.Equal(
            Schema(db => db.Database.EnsureCreated()).Order(),
            Schema(db => db.Database.Migrate())
                .Where(sql => !sql.Contains("__EFMigrations") && !sql.Contains("users_search") && !sql.Contains("users_unindexed")).Order());
    }

    [Fact]
    public void The_health_check_waits_for_the_newest_migration()
    {
        using var connection = Open();
        using var db = new SqliteWriteContext(SqliteModel.Use<SqliteWriteContext>(connection).Options);

        Assert.Equal(db.Database.GetMigrations().Last(), SchemaVersion.Of<SqliteWriteContext>().Migration);
    }

    [Fact]
    public async Task A_lock_that_a_dead_process_left_is_cleared()
    {
        await using var connection = Open();
        await using var db = new SqliteWriteContext(SqliteModel.Use<SqliteWriteContext>(connection).Options);
        await db.Database.ExecuteSqlRawAsync(
            """
            CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00');
            """, TestContext.Current.CancellationToken);

        using var search = new SqliteSearchIndex(connection);
        await SqliteMigrator.MigrateAsync(db, search, attributes: null, _ => { }, TestContext.Current.CancellationToken);

        Assert.Empty(await db.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken));
    }

    // Column by column, because the columns of a table that migrations extended stand in another order.
    private static List<string> Schema(Action<SqliteWriteContext> make)
    {
        using var connection = Open();
        using var db = new SqliteWriteContext(SqliteModel.Use<SqliteWriteContext>(connection).Options);
        make(db);
        var columns = db.Database.SqlQuery<string>($"""
            SELECT concat_ws(' ', "table".name, "column".name, "column".type, "column"."notnull", "column".dflt_value, "column".pk) AS Value
            FROM sqlite_schema AS "table", pragma_table_xinfo("table".name) AS "column" WHERE "table".type = 'table'
            """);
        var indexes = db.Database.SqlQuery<string>($"SELECT sql AS Value FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL");
        return [.. columns, .. indexes];
    }

    private static SqliteConnection Open()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection;
    }
}
