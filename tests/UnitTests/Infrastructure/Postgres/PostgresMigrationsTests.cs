using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.Postgres;

namespace UserCqrs.UnitTests.Infrastructure.Postgres;

/// <summary>Tests of the migrations that need no server.</summary>
public sealed class PostgresMigrationsTests
{
    [Fact]
    public void The_snapshot_is_the_model()
    {
        using var db = new PostgresWriteContext(PostgresModel.Use<PostgresWriteContext>().Options);

        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public void Migrations_make_the_schema_that_the_model_makes()
    {
        using var db = new PostgresWriteContext(PostgresModel.Use<PostgresWriteContext>().Options);
        var migrated = db.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.NoTransactions);

        Assert.All(Parts(db.Database.GenerateCreateScript()), part => Assert.Contains(part, Parts(migrated)));
    }

    // Column by column, because migrations add columns to tables that exist.
    private static HashSet<string> Parts(string script) =>
    [
        .. script.Replace("ALTER TABLE users ADD ", "").Split(
            [";", "(\n", ",\n", "\n)"], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
    ];

    [Fact]
    public void The_health_check_waits_for_the_newest_migration()
    {
        using var db = new PostgresWriteContext(PostgresModel.Use<PostgresWriteContext>().Options);

        Assert.Equal(db.Database.GetMigrations().Last(), SchemaVersion.Of<PostgresWriteContext>().Migration);
    }
}
