using Npgsql;
using static Npgsql.PostgresErrorCodes;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>Classifies the errors of PostgreSQL (postgresql.org/docs/current/errcodes-appendix.html).</summary>
internal static class PostgresErrors
{
    /// <summary>The privileges that the service's role needs, as SQL statements.</summary>
    public const string Grants =
        "The owner of the database must run GRANT SELECT, INSERT, UPDATE, DELETE ON users, user_changes, api_keys, "
        + "idempotency_keys TO <role>; GRANT SELECT ON \"__EFMigrationsHistory\" TO <role>; and, for a role that is to make the "
        + "tables, "
        + "GRANT CREATE ON SCHEMA public TO <role>. Later migrations must be run by the owner of the tables.";

    /// <summary>The message of the exception, extended with advice if the role lacks privileges.</summary>
    public static string Describe(Exception exception) =>
        exception is PostgresException { SqlState: InsufficientPrivilege }
            ? $"{exception.Message}. {Grants}"
            : exception.Message;

    /// <summary>Whether the server rolled the statement back and a retry of the command may succeed.</summary>
    public static bool IsConflict(Exception exception) =>
        exception is PostgresException { SqlState: SerializationFailure or DeadlockDetected };

    /// <summary>Whether the server reported that it did not execute the statement. After other failures, it may have.</summary>
    public static bool IsRejection(NpgsqlException exception) =>
        exception is PostgresException postgres && postgres.SqlState[..2] is not ("57" or "58" or "08" or "XX");

    /// <summary>Whether no connection could be opened, or it broke. The next connection may work.</summary>
    public static bool IsConnectionLoss(Exception exception) =>
        exception is NpgsqlException { IsTransient: true, InnerException: not TimeoutException };

    /// <summary>Whether the database, not the request or the code, caused the failure.</summary>
    public static bool IsUnavailable(NpgsqlException exception) => exception is not PostgresException postgres
        || postgres.SqlState[..2] is "08" or "28" or "3D" or "40" or "53" or "57" or "58" or "XX"
        || postgres.SqlState is LockNotAvailable or ObjectNotInPrerequisiteState or InsufficientPrivilege
            or ReadOnlySqlTransaction or UndefinedTable or UndefinedColumn;
}
