using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>A reader, on a connection of its own that stays open. Disposing it gives it back to <see cref="SqliteReaders"/>.</summary>
[SuppressMessage("Usage", "CA2215", Justification = "Disposal ends a lease; Close ends the context.")]
internal sealed class SqliteReadContext(
    DbContextOptions<SqliteReadContext> options, SqliteReaders? readers = null, KeptCommands? commands = null)
    : ReplicaContext(options)
{
    private int _leased;

    public SqliteReadContext Lease()
    {
        _leased = 1;
        return this;
    }

    public override void Dispose()
    {
        if (readers is null)
            Close();
        else if (Interlocked.Exchange(ref _leased, 0) == 1)
            readers.Return(this);
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
