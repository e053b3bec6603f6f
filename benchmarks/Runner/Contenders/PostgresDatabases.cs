using UserCqrs.IntegrationTests.Postgres;

namespace UserCqrs.Runner.Contenders;

/// <summary>Databases on a server of the benchmark's own, which syncs every commit. A copy is made from a template.</summary>
internal sealed class PostgresDatabases : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(() => PostgresServer.StartNewAsync("-c max_connections=200 -c shared_buffers=512MB"));
    private int _databases;

    public async Task<string> MakeAsync(Contender contender, int users, CancellationToken cancellationToken)
    {
        var (server, name) = (await _server.Value, $"original_{++_databases}");
        await server.ExecuteAsync($"CREATE DATABASE {name}");
        if (contender.FillBy is { } fill)
        {
            await Tool.RunAsync(fill(server.UrlOf(name), users), Server.IndexingBound, cancellationToken);
        }
        else
        {
            (await Server.StartAsync(contender, server.UrlOf(name), hasUsers: false, cancellationToken)).Dispose();
            await server.ExecuteAsync(contender.Fill.Replace("$users", $"{users}", StringComparison.Ordinal), name);
            (await Server.StartAsync(contender, server.UrlOf(name), hasUsers: true, cancellationToken)).Dispose();
        }

        await server.ExecuteAsync("VACUUM ANALYZE", name);
        return name;
    }

    /// <summary>The URL of a copy.</summary>
    public async Task<string> CopyAsync(string original)
    {
        var (server, name) = (await _server.Value, $"copy_{++_databases}");
        await server.ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {original}");
        await server.ExecuteAsync("CHECKPOINT"); // not while something is measured
        return server.UrlOf(name);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
            await (await _server.Value).DisposeAsync();
    }
}
