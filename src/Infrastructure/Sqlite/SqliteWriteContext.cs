using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using UserCqrs.Application.Common;
using UserCqrs.Domain;
using UserCqrs.Infrastructure.Copying;
using static SQLitePCL.raw;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>The write context on SQLite. <see cref="SqliteWriter"/> controls its transactions.</summary>
internal sealed class SqliteWriteContext : WriteContext
{
    public SqliteWriteContext(DbContextOptions<SqliteWriteContext> options) : base(options)
    {
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        Database.AutoSavepointsEnabled = false;
    }

    public override Task<IReadOnlyList<long?>> InsertAsync(IReadOnlyList<User> users, CancellationToken cancellationToken)
    {
        var columns = UserColumn.WithoutId(this);
        using var command = (SqliteCommand)Database.GetDbConnection().CreateCommand();
        var parameters = columns.Select(column => command.Parameters.AddWithValue($"${column.Name}", null)).ToArray();
        command.CommandText = $"""
            INSERT INTO users ({string.Join(", ", columns.Select(column => column.Name))})
            VALUES ({string.Join(", ", parameters.Select(parameter => parameter.ParameterName))})
            ON CONFLICT DO NOTHING RETURNING id
            """;
        var ids = new List<long?>(users.Count);
        foreach (var user in users)
        {
            user.ChangedBy = Caller;
            for (var i = 0; i < parameters.Length; i++)
                parameters[i].Value = columns[i].Value(user) ?? DBNull.Value;
            ids.Add((long?)command.ExecuteScalar());
        }

        return Task.FromResult<IReadOnlyList<long?>>(ids);
    }

    /// <inheritdoc/>
    /// <remarks>There is only one writer.</remarks>
    public override Task LockAsync(IQueryable<User> users, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    /// <remarks>There is only one writer.</remarks>
    public override Task LockHistoryAsync(long userId, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override Task NoteErasureAsync(CancellationToken cancellationToken)
    {
        SqliteSearchIndex.NoteErasure((SqliteConnection)Database.GetDbConnection());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task<bool> PurgeSearchAsync(CancellationToken cancellationToken) =>
        Task.FromResult(SqliteSearchIndex.Purge((SqliteConnection)Database.GetDbConnection()));

    protected override void OnModelCreating(ModelBuilder modelBuilder) => SqliteModel.Build(modelBuilder);

    // SQLite does not report which unique index a write violates, so this looks for another row with the same values.
    protected override string? ViolatedIndex(DbUpdateException exception) =>
        exception.InnerException is SqliteException { SqliteExtendedErrorCode: SQLITE_CONSTRAINT_UNIQUE }
            ? exception.Entries
                .SelectMany(entry => entry.Metadata.GetIndexes().Where(index => index.IsUnique && IsTaken(index, entry)))
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
        var conditions = string.Join(" AND ", same.Append(other));
        command.CommandText = $"SELECT EXISTS (SELECT 1 FROM {row.Metadata.GetTableName()} WHERE {conditions})";
        return (long)command.ExecuteScalar()! == 1;
    }
}
