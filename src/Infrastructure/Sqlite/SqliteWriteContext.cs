using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using UserCqrs.Application.Common;
using static SQLitePCL.raw;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>The write side on SQLite. Its transactions are <see cref="SqliteWriter"/>'s.</summary>
internal sealed class SqliteWriteContext : WriteContext
{
    public SqliteWriteContext(DbContextOptions<SqliteWriteContext> options) : base(options)
    {
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        Database.AutoSavepointsEnabled = false;
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder) => SqliteModel.Build(modelBuilder);

    // SQLite says that a unique index refused, but not which: it is the one that another row has the same values in.
    protected override string? IndexThatRefused(DbUpdateException exception) =>
        exception.InnerException is SqliteException { SqliteExtendedErrorCode: SQLITE_CONSTRAINT_UNIQUE }
            ? exception.Entries.SelectMany(entry => entry.Metadata.GetIndexes().Where(index => index.IsUnique && IsTaken(index, entry)))
                .FirstOrDefault()?.GetDatabaseName()
            : null;

    private bool IsTaken(IIndex index, EntityEntry row)
    {
        using var command = Database.GetDbConnection().CreateCommand();
        string Compare(IReadOnlyProperty property, string comparison)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"${command.Parameters.Count}";
            parameter.Value = row.Property(property.Name).CurrentValue ?? DBNull.Value;
            command.Parameters.Add(parameter);
            return $"{property.GetColumnName()} {comparison} {parameter.ParameterName}";
        }

        var same = index.Properties.Select(property => Compare(property, "="));
        var other = Compare(row.Metadata.FindPrimaryKey()!.Properties.Single(), "<>");
        command.CommandText = $"SELECT EXISTS (SELECT 1 FROM {row.Metadata.GetTableName()} WHERE {string.Join(" AND ", same.Append(other))})";
        return (long)command.ExecuteScalar()! == 1;
    }
}
