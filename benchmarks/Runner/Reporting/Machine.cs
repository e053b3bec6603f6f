using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using UserCqrs.Runner.Contenders;

namespace UserCqrs.Runner.Reporting;

/// <summary>What it was measured on and with.</summary>
internal static class Machine
{
    private const string Python =
        """
        import fastapi, importlib.util, platform, sqlalchemy, sqlite3, uvicorn
        fast = [name for name in ("uvloop", "httptools") if importlib.util.find_spec(name)]
        print(f"Python {platform.python_version()}, FastAPI {fastapi.__version__}, SQLAlchemy {sqlalchemy.__version__},",
              f"uvicorn {uvicorn.__version__} ({' and '.join(fast) or 'without uvloop and httptools'}),",
              f"SQLite {sqlite3.sqlite_version}")
        """;

    private const string Node =
        """
        const version = name => require(`${process.cwd()}/node_modules/${name}/package.json`).version;
        const sqlite = new (require('better-sqlite3'))(':memory:').prepare('SELECT sqlite_version()').pluck().get();
        console.log(`Node ${process.versions.node}, Fastify ${version('fastify')},`,
          `better-sqlite3 ${version('better-sqlite3')}, SQLite ${sqlite}`);
        """;

    public static async Task<string> DescribeAsync(Settings settings, string fileSystem, CancellationToken cancellationToken)
    {
        var gigabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        var load = (await File.ReadAllTextAsync("/proc/loadavg", cancellationToken)).Split(' ')[0];
        var tutorial = await AskAsync(settings.Python, ["-c", Python]);
        var fastify = await AskAsync("node", ["-e", Node]);
        var wrk = await AskAsync("sh", ["-c", "wrk -v 2>&1 || true"]);
        return $"""
            | | |
            |---|---|
            | machine | {Environment.ProcessorCount} cores, {gigabytes} GB of memory, {fileSystem}, load {load} at the start |
            | system | {RuntimeInformation.OSDescription}, kernel {Environment.OSVersion.Version} |
            | service, limit, EF Core | {RuntimeInformation.FrameworkDescription}, SQLite {SqliteVersion()} |
            | tutorial | {tutorial} |
            | Fastify | {fastify} |
            | driven by | {wrk.Split(" [")[0]}; latency by the runner itself |
            """;

        async Task<string> AskAsync(string program, string[] arguments)
        {
            try
            {
                var answer = await Tool.RunAsync(
                    program, arguments, TimeSpan.FromSeconds(30), cancellationToken, Readiness.FastifyFolder);
                return answer.Trim();
            }
            catch (ToolException e)
            {
                return $"left out: {e.Message}";
            }
        }
    }

    private static string SqliteVersion()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection.ServerVersion;
    }
}
