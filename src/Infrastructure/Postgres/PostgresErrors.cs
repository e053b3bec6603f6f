using Npgsql;
using static Npgsql.PostgresErrorCodes;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>What the errors of PostgreSQL mean here (postgresql.org/docs/current/errcodes-appendix.html).</summary>
internal static class PostgresErrors
{
    /// <summary>What a role needs, in the words of SQL.</summary>
    public const string Grants =
        "Let the owner of the database run GRANT SELECT, INSERT, UPDATE, DELETE ON users, api_keys TO <role>; "
        + "GRANT SELECT ON \"__EFMigrationsHistory\" TO <role>; and, for a role that is to make the tables, "
        + "GRANT CREATE ON SCHEMA public TO <role>. Later migrations must be run by the owner of the tables.";

    /// <summary>The message, with what to do where the server's own words do not say it.</summary>
    public static string Describe(Exception exception) =>
        exception is PostgresException { SqlState: InsufficientPrivilege }
            ? $"{exception.Message}. {Grants}"
            : exception.Message;

    /// <summary>The server took the statement back, and running the command again may succeed.</summary>
    public static bool IsConflict(Exception exception) =>
        exception is PostgresException { SqlState: SerializationFailure or DeadlockDetected };

    /// <summary>The server answered that it did not do it. Any other failure may have come after it was done.</summary>
    public static bool IsRefusal(NpgsqlException exception) =>
        exception is PostgresException postgres && postgres.SqlState[..2] is not ("57" or "58" or "08" or "XX");

    /// <summary>No connection could be had, or it broke; the next may be a good one.</summary>
    public static bool IsConnectionLoss(Exception exception) =>
        exception is NpgsqlException { IsTransient: true, InnerException: not TimeoutException };

    /// <summary>The database, not the request and not the code, is why this failed.</summary>
    public static bool IsUnavailable(NpgsqlException exception) => exception is not PostgresException postgres
        || postgres.SqlState[..2] is "08" or "28" or "3D" or "40" or "53" or "57" or "58" or "XX"
        || postgres.SqlState is LockNotAvailable or InsufficientPrivilege or ReadOnlySqlTransaction
            or UndefinedTable or UndefinedColumn;
}
