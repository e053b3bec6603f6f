using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using UserCqrs.Application.Common;
using UserCqrs.Infrastructure.Postgres;
using static SQLitePCL.raw;

namespace UserCqrs.Infrastructure;

/// <summary>Tells the database's troubles, which pass, from the service's own mistakes, which do not.</summary>
public static class DatabaseFaults
{
    /// <summary>Whether the database, not the request and not the code, is why this failed: an answer of 503.</summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        DatabaseUnavailableException => true,
        SqliteException sqlite => sqlite.SqliteErrorCode is SQLITE_BUSY or SQLITE_LOCKED or SQLITE_NOMEM or SQLITE_READONLY
            or SQLITE_INTERRUPT or SQLITE_IOERR or SQLITE_CORRUPT or SQLITE_FULL or SQLITE_CANTOPEN or SQLITE_PROTOCOL
            or SQLITE_NOTADB,
        NpgsqlException postgres => PostgresErrors.IsUnavailable(postgres),
        DbUpdateConcurrencyException => true, // overtaken time and again
        { InnerException: { } inner } => IsUnavailable(inner),
        _ => false,
    };
}
