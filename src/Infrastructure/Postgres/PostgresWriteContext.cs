using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;
using UserCqrs.Application.Common;
using UserCqrs.Domain;
using UserCqrs.Infrastructure.Copying;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>The write context on PostgreSQL.</summary>
internal sealed class PostgresWriteContext(DbContextOptions<PostgresWriteContext> options) : WriteContext(options)
{
    private bool _saved;

    /// <summary>Clears what an earlier attempt read and changed.</summary>
    public void StartOver()
    {
        ChangeTracker.Clear();
        _saved = false;
    }

    /// <summary>Commits the transaction of a command that saves more than once.</summary>
    /// <exception cref="DatabaseUnavailableException">See <see cref="SaveChangesAsync"/>.</exception>
    public async Task CommitAsync()
    {
        try
        {
            await Database.CommitTransactionAsync(CancellationToken.None);
        }
        catch (NpgsqlException lost) when (!PostgresErrors.IsRejection(lost))
        {
            throw OutcomeIsUnknown(lost);
        }
    }

    /// <summary>
    /// Saves the changes. Outside a transaction, a command may save only once: EF Core sends one statement, which is a
    /// transaction by itself, or several
    /// in a transaction. An explicit transaction around a single statement would nearly double its cost.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">
    /// The response to the COMMIT was lost, so it is unknown whether the change was made.
    /// </exception>
    /// <exception cref="InvalidOperationException">The command has already saved.</exception>
    public override async Task<int> SaveChangesAsync(
        bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (Database.CurrentTransaction is not null)
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        if (_saved)
            throw new InvalidOperationException("A command may save only once: two saves would be two transactions.");
        try
        {
            // Without the token: after a cancellation, nobody would know whether the change was made. The command time-out
            // applies.
            var count = await base.SaveChangesAsync(acceptAllChangesOnSuccess, CancellationToken.None);
            _saved = true; // a save that the database rejected changed nothing, so the command may try another one
            return count;
        }
        catch (DbUpdateException e) when (e.InnerException is NpgsqlException lost && !PostgresErrors.IsRejection(lost))
        {
            throw OutcomeIsUnknown(e);
        }
    }

    public override async Task<IReadOnlyList<long?>> InsertAsync(
        IReadOnlyList<User> users, CancellationToken cancellationToken)
    {
        foreach (var user in users)
            user.ChangedBy = Caller;
        var columns = UserColumn.WithoutId(this);
        await using var command = (NpgsqlCommand)Database.GetDbConnection().CreateCommand();
        command.Transaction = (NpgsqlTransaction)Database.CurrentTransaction!.GetDbTransaction();
        foreach (var column in columns)
            command.Parameters.Add(ArrayOf(column, users));
        var names = string.Join(", ", columns.Select(column => column.Name));
        command.CommandText = $"""
            INSERT INTO users ({names})
            SELECT {names} FROM unnest({string.Join(", ", columns.Select((_, i) => $"${i + 1}"))}) AS users ({names})
            ON CONFLICT DO NOTHING RETURNING id, email_key, external_id
            """;
        var ids = new Dictionary<(string, string?), long>(users.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            ids.Add((reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2)), reader.GetInt64(0));
        return [.. users.Select(user => ids.Remove((user.EmailKey, user.ExternalId), out var id) ? id : (long?)null)];
    }

    /// <inheritdoc/>
    /// <remarks>In id order, so that two commands do not wait for each other.</remarks>
    public override async Task LockAsync(IQueryable<User> users, CancellationToken cancellationToken)
    {
        var ids = await users.Select(user => user.Id).ToListAsync(cancellationToken);
        await Database.ExecuteSqlAsync(
            $"SELECT FROM users WHERE id = ANY ({ids}) ORDER BY id FOR UPDATE", cancellationToken);
    }

    /// <inheritdoc/>
    public override Task LockHistoryAsync(long userId, CancellationToken cancellationToken) => Database.ExecuteSqlAsync(
        $"SELECT FROM user_changes WHERE user_id = {userId} ORDER BY id FOR UPDATE", cancellationToken);

    /// <inheritdoc/>
    /// <remarks>VACUUM does it.</remarks>
    public override Task NoteErasureAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override Task<bool> PurgeSearchAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    protected override void OnModelCreating(ModelBuilder modelBuilder) => PostgresModel.Build(modelBuilder);

    protected override string? ViolatedIndex(DbUpdateException exception) =>
        exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } violation
            ? violation.ConstraintName
            : null;

    private static NpgsqlParameter ArrayOf(UserColumn column, IReadOnlyList<User> users)
    {
        var values = users.Select(column.Value);
        return column.StoreType switch
        {
            "timestamp with time zone" => new()
            {
                Value = values.Select(time => DateTime.UnixEpoch.AddTicks((long)time! * TimeSpan.TicksPerMicrosecond)).ToArray(),
            },
            "boolean" => new() { Value = values.Select(flag => (long)flag! != 0).ToArray() },
            "bigint" => new() { Value = values.Select(number => (long)number!).ToArray() },
            _ => new()
            {
                Value = values.Select(text => (string?)text).ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
            },
        };
    }

    private static DatabaseUnavailableException OutcomeIsUnknown(Exception lost) =>
        new("The connection was lost while the change was being saved.", lost) { OutcomeIsUnknown = true };
}
