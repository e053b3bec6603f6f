using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>
/// Prepared statements that outlive a query. EF Core makes a command each time and SQLite then parses it each time; this
/// hands EF Core the command that the same text was prepared in before, with the new parameters. One for each connection.
/// </summary>
internal sealed class PreparedCommandCache : DbCommandInterceptor, IDisposable
{
    /// <summary>Texts vary with sort, filter and number of ids; beyond this many they are not worth keeping.</summary>
    private const int MaxCommands = 64;

    private readonly Dictionary<string, KeptCommand> _commands = [];

    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        if (!_commands.TryGetValue(result.CommandText, out var command))
        {
            if (_commands.Count == MaxCommands)
                return result;
            command = new KeptCommand { Connection = (SqliteConnection)result.Connection!, CommandText = result.CommandText };
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

    public void Dispose()
    {
        foreach (var command in _commands.Values)
            command.Finish();
    }

    [SuppressMessage("Usage", "CA2215", Justification = "EF Core disposes what it used; the statements are kept.")]
    private sealed class KeptCommand : SqliteCommand
    {
        public void Finish() => base.Dispose(disposing: true);

        protected override void Dispose(bool disposing)
        {
        }
    }
}
