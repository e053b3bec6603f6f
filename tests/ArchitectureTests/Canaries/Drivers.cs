using Microsoft.Data.Sqlite;
using Npgsql;

namespace UserCqrs.ArchitectureTests.Canaries;

internal static class CodeThatKnowsTheDrivers
{
    public static bool IsUnavailable(Exception exception) => exception is SqliteException or NpgsqlException;
}
