using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>The mapping, and what SQLite adds: it has no type for times, so they are kept as microseconds since 1970.</summary>
internal static class SqliteModel
{
    private static readonly ValueConverter<DateTimeOffset, long> UnixMicroseconds = new(
        time => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        value => DateTimeOffset.UnixEpoch.AddTicks(value * TimeSpan.TicksPerMicrosecond));

    public static void Build(ModelBuilder model)
    {
        model.ApplyConfiguration(new UserMapping());
        model.Entity<User>().Property(user => user.CreatedAt).HasConversion(UnixMicroseconds);
        model.Entity<User>().Property(user => user.UpdatedAt).HasConversion(UnixMicroseconds);
    }
}
