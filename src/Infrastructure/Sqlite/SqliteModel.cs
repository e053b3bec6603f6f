using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>The model for SQLite. SQLite has no type for times, so they are stored as microseconds since 1970.</summary>
internal static class SqliteModel
{
    private static readonly ValueConverter<DateTimeOffset, long> UnixMicroseconds = new(
        time => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        value => DateTimeOffset.UnixEpoch.AddTicks(value * TimeSpan.TicksPerMicrosecond));

    // All contexts share one model, so that it is built once.
    private static readonly Lazy<IModel> Model = new(() =>
    {
        using var connection = new SqliteConnection();
        using var db = new SqliteWriteContext(Configure<SqliteWriteContext>(connection, contextOwnsConnection: false).Options);
        return db.Model;
    });

    /// <summary>
    /// The options of every context. They differ only in the connection, so that EF Core creates its internal services once.
    /// </summary>
    /// <remarks>
    /// Thread-safety checks are off, because a lease of a reader has one holder and the writer runs one command at a time. Failed
    /// commands are not logged here: a taken e-mail is a normal result, and the exception handler logs the other failures.
    /// </remarks>
    public static DbContextOptionsBuilder<TContext> Use<TContext>(
        SqliteConnection connection, bool contextOwnsConnection = false) where TContext : DbContext =>
        Configure<TContext>(connection, contextOwnsConnection).UseModel(Model.Value);

    /// <summary>Builds the model on another thread while the rest of the service starts.</summary>
    public static void BuildAhead() => Task.Run(() => Model.Value);

    public static void Build(ModelBuilder model)
    {
        model.ApplyConfiguration(new UserConfiguration());
        model.ApplyConfiguration(new UserChangeConfiguration());
        model.ApplyConfiguration(new IdempotencyConfiguration());
        // The last entry is never removed, so that its id is not given again; AUTOINCREMENT would keep a counter for that.
        model.Entity<UserChange>().Property(change => change.Id).Metadata
            .SetValueGenerationStrategy(SqliteValueGenerationStrategy.None);
        foreach (var time in model.Model.GetEntityTypes().SelectMany(type => type.GetProperties())
            .Where(property => property.ClrType == typeof(DateTimeOffset)))
            time.SetValueConverter(UnixMicroseconds);
        SqliteAttributeIndexes.MapFunction(model);
    }

    private static DbContextOptionsBuilder<TContext> Configure<TContext>(
        SqliteConnection connection, bool contextOwnsConnection) where TContext : DbContext =>
        new DbContextOptionsBuilder<TContext>()
            .UseSqlite(connection, contextOwnsConnection)
            .EnableThreadSafetyChecks(false)
            // The search index returns users in order, so a limit needs no ORDER BY.
            .ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.SaveChangesFailed, RelationalEventId.CommandError,
                CoreEventId.RowLimitingOperationWithoutOrderByWarning));
}
