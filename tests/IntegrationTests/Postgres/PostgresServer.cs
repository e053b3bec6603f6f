using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace UserCqrs.IntegrationTests.Postgres;

/// <summary>
/// A PostgreSQL server of the tests' own: its data in a new folder, on a free port of the loopback, gone when disposed. Its
/// databases sort as English does, so that a sort order by code point has to come from the service.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "users";
    private const int TimeoutSeconds = 60;

    private static readonly string[] Programs = ["initdb", "pg_ctl", "pg_basebackup", "postgres"];

    private static readonly string? Binaries = FindBinaries();

    /// <summary>The data of a new server. initdb takes seconds, a copy of what it made a fraction of one.</summary>
    private static readonly Lazy<Task<string>> Template = new(async () =>
    {
        var folder = NewFolder();
        await RunAsync(PathOf("initdb"), "-D", folder, "-U", User, "--auth=trust", "--encoding=UTF8",
            "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "--no-sync");
        return folder;
    });

    private readonly string _data;

    private readonly string _settings;

    private PostgresServer(string data, int port, string settings)
    {
        _data = data;
        Port = port;
        _settings = settings;
    }

    /// <summary>Why no server can be started here; <c>null</c> when one can.</summary>
    public static string? Missing => Binaries is null
        ? $"PostgreSQL ({string.Join(", ", Programs)}) is neither in the PATH nor under /usr/lib/postgresql: nothing is shown of it here."
        : null;

    public int Port { get; }

    /// <summary>Where the files of tables and indexes are.</summary>
    public string TablesFolder => Path.Combine(_data, "base");

    public bool IsRunning => File.Exists(Path.Combine(_data, "postmaster.pid"));

    /// <summary>Where a program that comes with PostgreSQL is.</summary>
    public static string PathOf(string program) => Path.Combine(Binaries!, program);

    /// <param name="settings">Options of <c>postgres</c>. Unless told otherwise it does not sync: its data need not outlive the machine.</param>
    public static async Task<PostgresServer> StartNewAsync(string settings = "-c fsync=off -c max_connections=300")
    {
        var server = new PostgresServer(NewFolder(), FreePort(), settings);
        await RunAsync("/bin/cp", "-a", $"{await Template.Value}/.", server._data);
        await server.StartAsync();
        return server;
    }

    /// <summary>A standby that follows this server.</summary>
    /// <param name="isSynchronous">Whether this server acknowledges a commit only when the standby has it too.</param>
    public async Task<PostgresServer> StartStandbyAsync(bool isSynchronous)
    {
        var standby = new PostgresServer(NewFolder(), FreePort(), _settings);
        await RunAsync(PathOf("pg_basebackup"), "-D", standby._data, "-h", "127.0.0.1", "-p", $"{Port}", "-U", User, "-c", "fast", "-X", "stream", "-R");
        await standby.StartAsync();
        if (isSynchronous)
        {
            await ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = '*'");
            await ExecuteAsync("SELECT pg_reload_conf()");
            while (await ScalarAsync("SELECT coalesce(max(sync_state), '') FROM pg_stat_replication") is not "sync")
                await Task.Delay(20);
        }

        return standby;
    }

    public Task StartAsync() => RunAsync(
        PathOf("pg_ctl"), "start", "-w", "-t", $"{TimeoutSeconds}", "-D", _data, "-l", Path.Combine(_data, "server.log"), "-o",
        $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= {_settings}");

    /// <summary>As a power cut would: nothing is finished, nobody is told.</summary>
    public Task KillAsync() => RunAsync(PathOf("pg_ctl"), "stop", "-m", "immediate", "-D", _data);

    public Task PromoteAsync() => RunAsync(PathOf("pg_ctl"), "promote", "-w", "-t", $"{TimeoutSeconds}", "-D", _data);

    /// <summary>Stops all its processes where they are; disposing the result lets them go on.</summary>
    public async Task<IAsyncDisposable> FreezeAsync()
    {
        var master = (await File.ReadAllLinesAsync(Path.Combine(_data, "postmaster.pid")))[0];
        var all = Children(int.Parse(master, CultureInfo.InvariantCulture)).Prepend(int.Parse(master, CultureInfo.InvariantCulture)).ToList();
        await SignalAsync("-STOP", all);
        return new Frozen(all);
    }

    /// <summary>Creates a database with a new name and returns its URL.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"users_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name}");
        return UrlOf(name);
    }

    /// <summary>The URL of a database on this server, or on the first of several servers.</summary>
    public string UrlOf(string database, params PostgresServer[] others) =>
        $"postgresql://{User}@{string.Join(',', others.Prepend(this).Select(server => $"127.0.0.1:{server.Port}"))}/{database}";

    public async Task ExecuteAsync(string sql, string database = "postgres") => await ScalarAsync(sql, database);

    public async Task<object?> ScalarAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={Port};Username={User};Database={database};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
            await KillAsync();
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>To be called after the last server has started.</summary>
    internal static async Task DeleteTemplateAsync()
    {
        if (Template.IsValueCreated)
            Directory.Delete(await Template.Value, recursive: true);
    }

    internal static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("usercqrs-postgres-").FullName;
        HandOver(folder);
        return folder;
    }

    /// <summary>Lets the user that <see cref="Unprivileged"/> programs run as own a folder and what is in it.</summary>
    internal static void HandOver(string folder)
    {
        if (Environment.IsPrivilegedProcess)
            Process.Start("chown", ["-R", UnprivilegedUser, folder]).WaitForExit();
    }

    // initdb and postgres refuse to run as root.
    private static string UnprivilegedUser =>
        File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    /// <summary>How to start a program that refuses to run as root.</summary>
    internal static ProcessStartInfo Unprivileged(string path, params string[] arguments) => new(
        Environment.IsPrivilegedProcess ? "runuser" : path,
        Environment.IsPrivilegedProcess ? ["-u", UnprivilegedUser, "--", path, .. arguments] : arguments)
    {
        WorkingDirectory = "/",
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(Unprivileged(program, arguments))!;
        var said = new List<string?>();
        process.OutputDataReceived += (_, line) => said.Add(line.Data);
        process.ErrorDataReceived += (_, line) => said.Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        // Not to the end of what it says: a server that it started goes on holding that open.
        while (!process.HasExited)
            await Task.Delay(10);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {string.Join('\n', said.ToArray())}");
    }

    private static async Task SignalAsync(string signal, IEnumerable<int> processes)
    {
        using var kill = Process.Start("kill", [signal, .. processes.Select(id => $"{id}")]);
        await kill.WaitForExitAsync();
    }

    private static IEnumerable<int> Children(int process) => File.ReadAllText($"/proc/{process}/task/{process}/children")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture));

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? FindBinaries()
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(folder => folder).Select(folder => Path.Combine(folder, "bin"))
            : [];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(installed)
            .FirstOrDefault(folder => Programs.All(program => File.Exists(Path.Combine(folder, program))));
    }

    private sealed class Frozen(List<int> processes) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await SignalAsync("-CONT", processes);
    }
}
