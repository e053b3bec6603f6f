using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Npgsql;
using UserCqrs.IntegrationTests.Postgres;
using static SQLitePCL.raw;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>A database for a service that runs as a process, to look into and to spoil behind its back.</summary>
internal abstract partial class ProcessDatabase : IAsyncDisposable
{
    public const string Sqlite = "SQLite";
    public const string Postgres = "PostgreSQL";

    public abstract string Url { get; }

    /// <param name="engine">Which one.</param>
    /// <param name="isSpoilt">Whether the test calls <see cref="SpoilAsync"/>, which takes a server of its own.</param>
    public static async Task<ProcessDatabase> StartAsync(string engine, bool isSpoilt = false)
    {
        if (engine == Sqlite)
            return new SqliteDatabase();
        SharedPostgres.SkipIfMissing();
        var server = isSpoilt ? await PostgresServer.StartNewAsync() : await SharedPostgres.GetAsync();
        return new PostgresDatabase(server, await server.CreateDatabaseAsync(), isSpoilt);
    }

    /// <summary>From now on the database refuses every new user, for a reason the service does not know: a 500.</summary>
    public abstract Task RefuseInsertsAsync();

    /// <summary>The troubles that are answered 503, which need writes under way.</summary>
    public abstract Task SpoilAsync();

    /// <summary>How many connections of the service the server is at work for. A file has no server.</summary>
    public abstract Task<long> CountBusyConnectionsAsync();

    /// <summary>The names of all users by their e-mail addresses.</summary>
    public async Task<Dictionary<string, string>> ReadUsersAsync()
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT email, name FROM users";
        await using var reader = await command.ExecuteReaderAsync();
        var users = new Dictionary<string, string>();
        while (await reader.ReadAsync())
            users.Add(reader.GetString(0), reader.GetString(1));
        return users;
    }

    /// <summary>Executes a query and says how many rows the database visited for it, roughly.</summary>
    public abstract Task<double> VisitedAsync(string sql, IEnumerable<(string Name, object? Value)> parameters);

    public abstract ValueTask DisposeAsync();

    protected abstract Task<DbConnection> OpenAsync();

    /// <summary>The first column of all rows.</summary>
    public async Task<List<string>> QueryAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
            values.Add(reader.GetString(0));
        return values;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (sql, 0); // the nightly sizes take minutes
        await command.ExecuteNonQueryAsync();
    }

    private static void Add(DbCommand command, IEnumerable<(string Name, object? Value)> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
    }

    private sealed class SqliteDatabase : ProcessDatabase
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("usercqrs-");

        public override string Url => $"sqlite:///{File}";

        private string File => Path.Combine(_folder.FullName, "users.db");

        public override Task RefuseInsertsAsync() =>
            ExecuteAsync("CREATE TRIGGER refuses BEFORE INSERT ON users BEGIN SELECT RAISE(ABORT, 'refused'); END");

        /// <summary>Another program holds the file for longer than the driver waits; behind it the queue fills.</summary>
        public override async Task SpoilAsync()
        {
            await using var other = await OpenAsync();
            await other.BeginTransactionAsync();
            await Task.Delay(TimeSpan.FromSeconds(6));
        }

        public override Task<long> CountBusyConnectionsAsync() => Task.FromResult(0L);

        /// <remarks>Visiting a row takes about ten instructions of the virtual machine, and more if conditions are checked.</remarks>
        public override async Task<double> VisitedAsync(string sql, IEnumerable<(string Name, object? Value)> parameters)
        {
            var hundreds = 0;
            await using var connection = (SqliteConnection)await OpenAsync();
            sqlite3_progress_handler(connection.Handle, 100, _ => ++hundreds < 0 ? 1 : 0, null);
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            Add(command, parameters);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
            }

            return hundreds * 100 / 20.0;
        }

        public override ValueTask DisposeAsync()
        {
            _folder.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }

        protected override async Task<DbConnection> OpenAsync()
        {
            var connection = new SqliteConnection($"Data Source={File};Pooling=False");
            await connection.OpenAsync();
            return connection;
        }
    }

    private sealed partial class PostgresDatabase(PostgresServer server, string url, bool ownsServer) : ProcessDatabase
    {
        private DbConnection? _explaining;

        public override string Url => url;

        private string Name => url[(url.LastIndexOf('/') + 1)..];

        // Its error tells the whole row in a detail.
        public override Task RefuseInsertsAsync() => ExecuteAsync("ALTER TABLE users ADD CONSTRAINT refuses CHECK (id < 0) NOT VALID");

        /// <summary>Connections are cut, then the server is killed.</summary>
        public override async Task SpoilAsync()
        {
            for (var i = 0; i < 10; i++)
            {
                await ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'usercqrs'");
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }

            await server.KillAsync();
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        public override async Task<long> CountBusyConnectionsAsync() => Convert.ToInt64(
            await server.ScalarAsync($"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'usercqrs' AND state <> 'idle' AND datname = '{Name}'"),
            CultureInfo.InvariantCulture);

        public override async Task<double> VisitedAsync(string sql, IEnumerable<(string Name, object? Value)> parameters)
        {
            var (settings, query) = InTransaction().Match(sql) is { Success: true } match
                ? (match.Groups["settings"].Value, match.Groups["query"].Value)
                : ("", sql);
            _explaining ??= await OpenAsync();
            await using var transaction = await _explaining.BeginTransactionAsync();
            await using var command = _explaining.CreateCommand();
            command.CommandText = settings;
            if (settings.Length > 0)
                await command.ExecuteNonQueryAsync();
            command.CommandText = $"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {query}";
            Add(command, parameters);
            using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
            Assert.False(plan.RootElement[0].TryGetProperty("JIT", out _), $"It takes longer to compile this than to execute it: {sql}");
            return VisitedBy(plan.RootElement[0].GetProperty("Plan"));
        }

        private static double VisitedBy(JsonElement node)
        {
            double Number(string name) => node.TryGetProperty(name, out var value) ? value.GetDouble() : 0;
            var visited = node.TryGetProperty("Relation Name", out _) || node.TryGetProperty("Index Name", out _)
                ? (Number("Actual Rows") + Number("Rows Removed by Filter") + Number("Rows Removed by Index Recheck")) * Number("Actual Loops")
                : 0;
            return visited + (node.TryGetProperty("Plans", out var plans) ? plans.EnumerateArray().Sum(VisitedBy) : 0);
        }

        // The service sends its settings, the query and the end of the transaction in one command.
        [GeneratedRegex("^BEGIN READ ONLY;\n(?<settings>(?:SET LOCAL .*;\n)*)(?<query>.*);\nCOMMIT$", RegexOptions.Singleline)]
        private static partial Regex InTransaction();

        public override async ValueTask DisposeAsync()
        {
            if (_explaining is not null)
                await _explaining.DisposeAsync();
            if (ownsServer)
                await server.DisposeAsync();
        }

        protected override async Task<DbConnection> OpenAsync()
        {
            var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={server.Port};Username=users;Database={Name};Pooling=false");
            await connection.OpenAsync();
            return connection;
        }
    }
}
