using System.Diagnostics;
using Npgsql;

namespace UserCqrs.IntegrationTests.Postgres;

/// <summary>
/// A PgBouncer of the tests' own in transaction mode, before one server, on a free port of the loopback. It drops start-up
/// options, and it has fewer connections than the service asks for.
/// </summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";

    private readonly string _folder = PostgresServer.NewFolder();
    private readonly int _port = PostgresServer.FreePort();
    private Process? _process;

    /// <summary>Why none can be started here; <c>null</c> when one can.</summary>
    public static string? Missing => File.Exists(Program) ? null : $"{Program} is missing: nothing is shown of PgBouncer here.";

    public static async Task<PgBouncer> StartAsync(PostgresServer server)
    {
        var bouncer = new PgBouncer();
        var settings = Path.Combine(bouncer._folder, "pgbouncer.ini");
        var users = Path.Combine(bouncer._folder, "users.txt");
        await File.WriteAllTextAsync(users, "\"users\" \"\"\n");
        await File.WriteAllTextAsync(settings, $"""
            [databases]
            * = host=127.0.0.1 port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {bouncer._port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {users}
            pool_mode = transaction
            default_pool_size = 8
            ignore_startup_parameters = options

            """);
        PostgresServer.HandOver(bouncer._folder);
        bouncer._process = Process.Start(PostgresServer.Unprivileged(Program, settings))!;
        _ = bouncer._process.StandardError.ReadToEndAsync();
        _ = bouncer._process.StandardOutput.ReadToEndAsync();
        while (!await bouncer.ListensAsync())
            await Task.Delay(20);
        return bouncer;
    }

    /// <summary>The URL of a database of the server, through this. 1.18 knows nothing of prepared statements.</summary>
    public string UrlOf(string databaseUrl) =>
        new UriBuilder(databaseUrl) { Port = _port, Query = "Max%20Auto%20Prepare=0" }.Uri.ToString();

    public async ValueTask DisposeAsync()
    {
        _process?.Kill(entireProcessTree: true);
        if (_process is not null)
            await _process.WaitForExitAsync();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> ListensAsync()
    {
        Assert.False(_process!.HasExited, "PgBouncer ended.");
        await using var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={_port};Username=users;Database=postgres;Pooling=false");
        try
        {
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
