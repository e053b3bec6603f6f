using Microsoft.EntityFrameworkCore;
using Npgsql;
using UserCqrs.Application.Common;

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

    protected override void OnModelCreating(ModelBuilder modelBuilder) => PostgresModel.Build(modelBuilder);

    protected override string? ViolatedIndex(DbUpdateException exception) =>
        exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } violation
            ? violation.ConstraintName
            : null;

    private static DatabaseUnavailableException OutcomeIsUnknown(Exception lost) =>
        new("The connection was lost while the change was being saved.", lost) { OutcomeIsUnknown = true };
}
