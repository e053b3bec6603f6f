using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// The model for PostgreSQL. Text has the collation "C", which in UTF-8 sorts by code point as SQLite does, independent of the
/// locale of the database.
/// </summary>
internal static class PostgresModel
{
    public const string Collation = "C";

    /// <summary>The options of both contexts. Each lease of a context sets its connection and has one holder.</summary>
    /// <remarks>
    /// Failed commands are not logged here: a taken e-mail and a concurrency conflict are normal results, and the exception
    /// handler logs the other failures.
    /// </remarks>
    public static DbContextOptionsBuilder<TContext> Use<TContext>() where TContext : DbContext =>
        new DbContextOptionsBuilder<TContext>()
            .UseNpgsql(npgsql => npgsql.ExecutionStrategy(dependencies => new PostgresExecutionStrategy(dependencies)))
            .EnableThreadSafetyChecks(false)
            .ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.SaveChangesFailed, RelationalEventId.CommandError,
                CoreEventId.OptimisticConcurrencyException, CoreEventId.ExecutionStrategyRetrying,
                RelationalEventId.MigrationsUserTransactionWarning));

    /// <summary>Builds the write model on another thread while the rest of the service starts.</summary>
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
