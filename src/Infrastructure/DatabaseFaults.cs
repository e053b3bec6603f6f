using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using UserCqrs.Application.Common;
using UserCqrs.Infrastructure.Postgres;
using static SQLitePCL.raw;

namespace UserCqrs.Infrastructure;

/// <summary>Distinguishes failures of the database, which may be temporary, from errors in the service itself.</summary>
public static class DatabaseFaults
{
    /// <summary>Whether the database, not the request or the code, caused the exception. The response is then 503.</summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        DatabaseUnavailableException => true,
        SqliteException sqlite => sqlite.SqliteErrorCode is SQLITE_BUSY or SQLITE_LOCKED or SQLITE_NOMEM or SQLITE_READONLY
            or SQLITE_INTERRUPT or SQLITE_IOERR or SQLITE_CORRUPT or SQLITE_FULL or SQLITE_CANTOPEN or SQLITE_PROTOCOL
            or SQLITE_NOTADB,
        NpgsqlException postgres => PostgresErrors.IsUnavailable(postgres),
        DbUpdateConcurrencyException => true, // every retry lost to another command
        { InnerException: { } inner } => IsUnavailable(inner),
        _ => false,
    };
}
