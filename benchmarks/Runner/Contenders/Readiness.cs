using UserCqrs.IntegrationTests.Postgres;

namespace UserCqrs.Runner.Contenders;

/// <summary>Builds what is ours, and finds out which peers are installed.</summary>
/// <param name="Fastify">Why there is no Fastify; <c>null</c> when there is.</param>
/// <param name="Tutorial">Why the tutorial's app does not run; <c>null</c> when it does.</param>
/// <param name="Postgres">Why there is no PostgreSQL; <c>null</c> when there is.</param>
/// <param name="TutorialOnPostgres">Why the tutorial's app does not run on it; <c>null</c> when it does.</param>
internal sealed record Readiness(string? Fastify, string? Tutorial, string? Postgres, string? TutorialOnPostgres)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(10);

    public static string FastifyFolder => Path.Combine(Paths.Benchmarks, "peers", "fastify");

    public static string TutorialFolder => Path.Combine(Paths.Benchmarks, "peers", "tutorial");

    public static async Task<Readiness> MakeAsync(Settings settings, CancellationToken cancellationToken)
    {
        foreach (var project in Paths.Programs)
            await Tool.RunAsync("dotnet", ["publish", project, "-o", Paths.PublishedFrom(project)], Bound, cancellationToken);
        return new(
            await ReasonAgainst(() => InstallFastifyAsync(cancellationToken)),
            await ReasonAgainst(() => Tool.RunAsync(
                settings.Python, ["-c", "import fastapi, sqlalchemy, uvicorn"], Bound, cancellationToken)),
            PostgresServer.Missing,
            PostgresServer.Missing ?? await ReasonAgainst(() => Tool.RunAsync(
                settings.Python, ["-c", "import fastapi, sqlalchemy, uvicorn, psycopg2"], Bound, cancellationToken)));
    }

    private static async Task InstallFastifyAsync(CancellationToken cancellationToken)
    {
        var installed = new FileInfo(Path.Combine(FastifyFolder, "node_modules", ".package-lock.json"));
        var wanted = new FileInfo(Path.Combine(FastifyFolder, "package-lock.json"));
        if (!installed.Exists || installed.LastWriteTimeUtc < wanted.LastWriteTimeUtc)
            await Tool.RunAsync("npm", ["ci"], Bound, cancellationToken, FastifyFolder);
        await Tool.RunAsync(
            "node", ["-e", "new (require('better-sqlite3'))(':memory:')"], Bound, cancellationToken, FastifyFolder);
    }

    private static async Task<string?> ReasonAgainst(Func<Task> attempt)
    {
        try
        {
            await attempt();
            return null;
        }
        catch (ToolException e)
        {
            return e.Message;
        }
    }
}
