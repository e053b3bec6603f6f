using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>The mapping, and what SQLite adds: it has no type for times, so they are kept as microseconds since 1970.</summary>
internal static class SqliteModel
{
    private static readonly ValueConverter<DateTimeOffset, long> UnixMicroseconds = new(
        time => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        value => DateTimeOffset.UnixEpoch.AddTicks(value * TimeSpan.TicksPerMicrosecond));

    /// <summary>
    /// What both contexts say of themselves. Where it is the same, EF Core makes its own services once and keeps both models there.
    /// </summary>
    /// <remarks>
    /// No two threads meet in a context: a reader's lease has one holder, and the writer has one turn at a time. A taken e-mail is an
    /// answer, not an incident; what is one reaches the exception handler and is logged there.
    /// </remarks>
    public static DbContextOptionsBuilder<TContext> Use<TContext>(SqliteConnection connection) where TContext : DbContext =>
        new DbContextOptionsBuilder<TContext>()
            .UseSqlite(connection)
            .EnableThreadSafetyChecks(false)
            .ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.SaveChangesFailed, RelationalEventId.CommandError));

    /// <summary>Builds the model of the write side, on another core while the rest of the service is put together.</summary>
    public static void BuildAhead() => Task.Run(() =>
    {
        using var connection = new SqliteConnection();
        using var db = new SqliteWriteContext(Use<SqliteWriteContext>(connection).Options);
        return db.Model;
    });

    public static void Build(ModelBuilder model)
    {
        model.ApplyConfiguration(new UserConfiguration());
        model.Entity<User>().Property(user => user.CreatedAt).HasConversion(UnixMicroseconds);
        model.Entity<User>().Property(user => user.UpdatedAt).HasConversion(UnixMicroseconds);
    }
}
