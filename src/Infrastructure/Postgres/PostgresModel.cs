using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// The mapping, and what PostgreSQL adds: text in the collation "C", which in UTF-8 sorts by code point as SQLite does,
/// whatever the locale of the database.
/// </summary>
internal static class PostgresModel
{
    public const string Collation = "C";

    /// <summary>What both contexts say of themselves; the connection comes with each lease of one, which has one holder.</summary>
    /// <remarks>A taken e-mail and a lost race are answers, not incidents; what is one reaches the exception handler and is logged there.</remarks>
    public static DbContextOptionsBuilder<TContext> Use<TContext>() where TContext : DbContext =>
        new DbContextOptionsBuilder<TContext>()
            .UseNpgsql(npgsql => npgsql.ExecutionStrategy(dependencies => new PostgresExecutionStrategy(dependencies)))
            .EnableThreadSafetyChecks(false)
            .ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.SaveChangesFailed, RelationalEventId.CommandError,
                CoreEventId.OptimisticConcurrencyException, CoreEventId.ExecutionStrategyRetrying,
                RelationalEventId.MigrationsUserTransactionWarning));

    /// <summary>Builds the model of the write side, on another core while the rest of the service is put together.</summary>
    public static void BuildAhead() => Task.Run(() =>
    {
        using var db = new PostgresWriteContext(Use<PostgresWriteContext>().Options);
        return db.Model;
    });

    public static void Build(ModelBuilder model)
    {
        model.ApplyConfiguration(new UserConfiguration());
        model.Entity<User>(user =>
        {
            user.Property(it => it.Id).UseIdentityByDefaultColumn();
            foreach (var text in user.Metadata.GetProperties().Where(property => property.ClrType == typeof(string)))
                text.SetCollation(Collation);
        });
    }
}
