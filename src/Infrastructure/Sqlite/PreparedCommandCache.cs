using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>
/// Keeps prepared statements between queries. By default, EF Core creates a command for every query, and SQLite parses it again.
/// This cache gives EF Core the command that was prepared for the same text, with the new parameters. One per connection.
/// </summary>
internal sealed class PreparedCommandCache : DbCommandInterceptor, IDbConnectionInterceptor
{
    /// <summary>The texts vary with sort, filter and number of ids. More of them are not worth the memory.</summary>
    private const int MaxCommands = 64;

    private readonly Dictionary<string, CachedCommand> _commands = [];

    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        if (!_commands.TryGetValue(result.CommandText, out var command))
        {
            if (_commands.Count == MaxCommands)
                return result;
            command = new CachedCommand { Connection = (SqliteConnection)result.Connection!, CommandText = result.CommandText };
            _commands.Add(result.CommandText, command);
        }

        command.Parameters.Clear();
        while (result.Parameters.Count > 0)
        {
            var parameter = result.Parameters[0];
            result.Parameters.RemoveAt(0);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    public InterceptionResult ConnectionDisposing(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        foreach (var command in _commands.Values)
            command.DisposeStatement();
        return result;
    }

    [SuppressMessage("Usage", "CA2215", Justification = "EF Core disposes every command that it has used; the cache keeps it.")]
    private sealed class CachedCommand : SqliteCommand
    {
        public void DisposeStatement() => base.Dispose(disposing: true);

        protected override void Dispose(bool disposing)
        {
        }
    }
}
