using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
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

    // The users table has one unique index beside its primary key, which is a different code.
    protected override bool IsEmailTaken(DbUpdateException exception) =>
        exception.InnerException is SqliteException { SqliteExtendedErrorCode: SQLITE_CONSTRAINT_UNIQUE };
}
