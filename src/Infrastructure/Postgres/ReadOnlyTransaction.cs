using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// Runs each statement of a query in a transaction that PostgreSQL itself keeps from writing. Npgsql sends the three statements
/// together, so they cost one round trip. A read-only session would not do: behind a pooler in transaction mode a session has
/// other users too, and start-up options do not reach it.
/// </summary>
internal sealed class ReadOnlyTransaction : DbCommandInterceptor
{
    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        // After an error the COMMIT is not reached; Npgsql rolls back before it gives the connection to another.
        result.CommandText = $"BEGIN READ ONLY;\n{result.CommandText};\nCOMMIT";
        return result;
    }
}
