using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// The model for PostgreSQL. Text has the collation "C", which in UTF-8 sorts by code point as SQLite does, independent of the
/// locale of the database.
/// </summary>
internal static class PostgresModel
{
    public const string Collation = "C";

    // All contexts share one model, so that it is built once.
    private static readonly Lazy<IModel> Model = new(() =>
    {
        using var db = new PostgresWriteContext(Configure<PostgresWriteContext>().Options);
        return db.Model;
    });

    /// <summary>The options of every context. Each lease of a context sets its connection and has one holder.</summary>
    /// <remarks>
    /// Failed commands are not logged here: a taken e-mail and a concurrency conflict are normal results, and the exception
    /// handler logs the other failures.
    /// </remarks>
    public static DbContextOptionsBuilder<TContext> Use<TContext>() where TContext : DbContext =>
        Configure<TContext>().UseModel(Model.Value);

    /// <summary>Builds the model on another thread while the rest of the service starts.</summary>
    public static void BuildAhead() => Task.Run(() => Model.Value);

    public static void Build(ModelBuilder model)
    {
        model.ApplyConfiguration(new UserConfiguration());
        model.ApplyConfiguration(new UserChangeConfiguration());
        model.ApplyConfiguration(new IdempotencyConfiguration());
        model.Entity<User>(user =>
        {
            user.Property(it => it.Id).UseIdentityByDefaultColumn();
            foreach (var text in user.Metadata.GetProperties().Where(property => property.ClrType == typeof(string)))
                text.SetCollation(Collation);

            // Indexes that were added when there may have been many users: they are built without blocking writers.
            user.HasIndex(it => it.ExternalId).IsCreatedConcurrently();
            user.HasIndex(it => it.Id, "ix_users_inactive").IsCreatedConcurrently();
            user.HasIndex(it => it.Id, "ix_users_without_search_text").IsCreatedConcurrently();
        });
        model.Entity<IdempotencyRecord>(record =>
        {
            foreach (var text in record.Metadata.GetProperties().Where(property => property.ClrType == typeof(string)))
                text.SetCollation(Collation);
        });
        model.HasDbFunction(typeof(UserFunctions).GetMethod(nameof(UserFunctions.Attribute))!)
            .HasName("users_attribute").HasStoreType("jsonb").IsNullable(false);
    }

    private static DbContextOptionsBuilder<TContext> Configure<TContext>() where TContext : DbContext =>
        new DbContextOptionsBuilder<TContext>()
            .UseNpgsql(npgsql => npgsql.ExecutionStrategy(dependencies => new PostgresExecutionStrategy(dependencies)))
            .EnableThreadSafetyChecks(false)
            .ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.SaveChangesFailed, RelationalEventId.CommandError,
                CoreEventId.OptimisticConcurrencyException, CoreEventId.ExecutionStrategyRetrying,
                RelationalEventId.MigrationsUserTransactionWarning, CoreEventId.RowLimitingOperationWithoutOrderByWarning));
}
