using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;
using UserCqrs.Domain;
using static SQLitePCL.raw;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>A reader, on a connection of its own that stays open. Disposing it gives it back to <see cref="SqliteReaderPool"/>.</summary>
[SuppressMessage("Usage", "CA2215", Justification = "Disposal ends a lease; Close ends the context.")]
internal sealed class SqliteReadContext(
    DbContextOptions<SqliteReadContext> options, SqliteReaderPool? readers = null, PreparedCommandCache? commands = null)
    : ReplicaContext(options)
{
    /// <summary>How many instructions of SQLite's virtual machine run between two looks at the token: about a millisecond.</summary>
    private const int InstructionsBetweenChecks = 10_000;

    private CancellationToken _cancellation;
    private SemaphoreSlim? _gate;
    private int _leased;

    /// <inheritdoc/>
    public override IQueryable<User> UsersByScan => Set<User>().FromSql($"SELECT * FROM users NOT INDEXED").AsNoTracking();

    /// <summary>Lends the context to one holder, until it is disposed of.</summary>
    /// <param name="gate">Released then.</param>
    /// <param name="cancellationToken">Interrupts the statement that is running.</param>
    public SqliteReadContext Lease(SemaphoreSlim? gate = null, CancellationToken cancellationToken = default)
    {
        (_gate, _cancellation, _leased) = (gate, cancellationToken, 1);
        return this;
    }

    /// <summary>Lets the token of a lease end a statement midway, which Microsoft.Data.Sqlite does not.</summary>
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
