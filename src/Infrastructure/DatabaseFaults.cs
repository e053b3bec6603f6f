using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using UserCqrs.Application.Common;
using UserCqrs.Infrastructure.Postgres;
using static SQLitePCL.raw;

namespace UserCqrs.Infrastructure;

/// <summary>Distinguishes failures of the database, which may be temporary, from errors in the service itself.</summary>
internal static class DatabaseFaults
{
    /// <summary>Runs the work. Other layers know a failure of the database only as what this throws for it.</summary>
    /// <exception cref="DatabaseUnavailableException">The database, not the work itself, caused a failure.</exception>
    public static async Task<T> TranslateAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is not DatabaseUnavailableException && CauseOf(e) is { } cause)
        {
            throw new DatabaseUnavailableException(PostgresErrors.Describe(cause), e)
            {
                OutcomeIsUnknown = cause is DatabaseUnavailableException { OutcomeIsUnknown: true },
            };
        }
    }

    /// <summary>Whether the database, not the request or the code, caused the exception. The response is then 503.</summary>
    public static bool IsUnavailable(Exception exception) => CauseOf(exception) is not null;

    private static Exception? CauseOf(Exception exception) => exception switch
    {
        DatabaseUnavailableException => exception,
        OperationCanceledException => null, // Npgsql puts the error of the cancelled statement into it
        SqliteException sqlite => sqlite.SqliteErrorCode is SQLITE_BUSY or SQLITE_LOCKED or SQLITE_NOMEM or SQLITE_READONLY
            or SQLITE_INTERRUPT or SQLITE_IOERR or SQLITE_CORRUPT or SQLITE_FULL or SQLITE_CANTOPEN or SQLITE_PROTOCOL
            or SQLITE_NOTADB ? sqlite : null,
        NpgsqlException postgres => PostgresErrors.IsUnavailable(postgres) ? postgres : null,
        DbUpdateConcurrencyException => exception, // every retry lost to another command
        { InnerException: { } inner } => CauseOf(inner),
        _ => null,
    };
}
