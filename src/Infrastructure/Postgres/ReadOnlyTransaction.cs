using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// Runs each statement of a query in a read-only transaction. Npgsql sends the statements together, so they cost one round
/// trip. A read-only session would not work behind a pooler in transaction mode: others use the session too, and start-up options
/// do not reach it.
/// </summary>
internal sealed class ReadOnlyTransaction : DbCommandInterceptor
{
    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        // The planner expects a walk along an index to be slow if it meets few matches, and would rather read and sort all users.
        // Where it has to sort nevertheless, if only a page, it now expects enormous costs, for which it would compile the query.
        var settings = result.CommandText.StartsWith($"-- {ReplicaContext.WalkTag}", StringComparison.Ordinal)
            ? "SET LOCAL enable_sort = off;\nSET LOCAL jit = off;\n"
            : "";

        // After an error, the COMMIT is not executed; Npgsql rolls back before it reuses the connection.
        result.CommandText = $"BEGIN READ ONLY;\n{settings}{result.CommandText};\nCOMMIT";
        return result;
    }
}
