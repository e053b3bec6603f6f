using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;
using UserCqrs.Domain;
using static SQLitePCL.raw;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>A reader on its own connection, which stays open. Disposal returns it to <see cref="SqliteReaderPool"/>.</summary>
[SuppressMessage("Usage", "CA2215", Justification = "Disposal ends a lease; Close ends the context.")]
internal sealed class SqliteReadContext(
    DbContextOptions<SqliteReadContext> options, SqliteReaderPool? readers = null, PreparedCommandCache? commands = null)
    : ReplicaContext(options)
{
    /// <summary>The number of instructions of SQLite's virtual machine between two checks of the token: about 1 ms.</summary>
    private const int InstructionsBetweenChecks = 10_000;

    private CancellationToken _cancellation;
    private SemaphoreSlim? _gate;
    private int _leased;

    /// <inheritdoc/>
    public override IQueryable<User> UsersByScan => Set<User>().FromSql($"SELECT * FROM users NOT INDEXED").AsNoTracking();

    /// <summary>Lends the context to one holder until it is disposed.</summary>
    /// <param name="gate">A semaphore that disposal releases.</param>
    /// <param name="cancellationToken">Interrupts the running statement.</param>
    public SqliteReadContext Lease(SemaphoreSlim? gate = null, CancellationToken cancellationToken = default)
    {
        (_gate, _cancellation, _leased) = (gate, cancellationToken, 1);
        return this;
    }

    /// <summary>Lets the token of a lease interrupt a running statement, which Microsoft.Data.Sqlite does not support.</summary>
    public void WatchCancellation() => sqlite3_progress_handler(
        ((SqliteConnection)Database.GetDbConnection()).Handle, InstructionsBetweenChecks,
        _ => _cancellation.IsCancellationRequested ? 1 : 0, null);

    public override void Dispose()
    {
        if (readers is null)
            Close();
        else if (Interlocked.Exchange(ref _leased, 0) == 1)
        {
            var gate = _gate;
            readers.Return(this);
            gate?.Release();
        }
    }

    public override ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Close()
    {
        commands?.Dispose();
        base.Dispose();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder) => SqliteModel.Build(modelBuilder);
}
