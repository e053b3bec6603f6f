using Microsoft.EntityFrameworkCore;
using Npgsql;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>The write side on PostgreSQL.</summary>
internal sealed class PostgresWriteContext(DbContextOptions<PostgresWriteContext> options) : WriteContext(options)
{
    private bool _saved;

    /// <summary>Forgets what an attempt before this one read and did.</summary>
    public void StartOver()
    {
        ChangeTracker.Clear();
        _saved = false;
    }

    /// <summary>
    /// Saves, once for each command: EF Core makes it one statement, which is a transaction by itself, or wraps its statements
    /// in one. An explicit transaction around a single statement would nearly double what it costs.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">The answer to the COMMIT was lost: nobody knows whether it was kept.</exception>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (_saved)
            throw new InvalidOperationException("A command saves once, or what it does is not kept whole or not at all.");
        _saved = true;
        try
        {
            // Not with the token: nobody could tell whether what it broke off was kept. The command's own time-out bounds it.
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, CancellationToken.None);
        }
        catch (DbUpdateException e) when (e.InnerException is NpgsqlException lost && !PostgresErrors.IsRefusal(lost))
        {
            throw new DatabaseUnavailableException("The connection was lost while the change was being kept.", e) { OutcomeIsUnknown = true };
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder) => PostgresModel.Build(modelBuilder);

    protected override string? IndexThatRefused(DbUpdateException exception) =>
        exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } violation ? violation.ConstraintName : null;
}
