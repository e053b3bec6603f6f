using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>The read context on SQLite. Disposal returns it, with its connection, to <see cref="SqliteReaderPool"/>.</summary>
[SuppressMessage("Usage", "CA2215", Justification = "Disposal ends a lease; Close ends the context.")]
internal sealed class SqliteReadContext(DbContextOptions<SqliteReadContext> options, SqliteReaderPool? readers = null)
    : ReadContext(options)
{
    private int _leased;

    /// <summary>Lends the context to one holder until it is disposed.</summary>
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

    public void Close() => base.Dispose();
}
