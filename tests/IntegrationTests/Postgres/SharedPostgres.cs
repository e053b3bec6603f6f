using UserCqrs.IntegrationTests.Postgres;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace UserCqrs.IntegrationTests.Postgres;

/// <summary>The one server for all tests that need no more than a database of their own.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    /// <summary>The environment variable under which a missing server is a failure and not a reason to skip.</summary>
    private const string Required = "POSTGRES_REQUIRED";

    private static readonly Lazy<Task<PostgresServer>> Server = new(() => PostgresServer.StartNewAsync());

    public static Task<PostgresServer> GetAsync() => Server.Value;

    /// <summary>Ends the test here when this machine has no PostgreSQL.</summary>
    public static void SkipIfMissing() => SkipIfMissing(PostgresServer.Missing);

    /// <summary>Ends the test here when something is missing that is not part of the SDK.</summary>
    public static void SkipIfMissing(string? reason)
    {
        if (reason is not null && Environment.GetEnvironmentVariable(Required) is { Length: > 0 })
            Assert.Fail($"{Required} is set, but: {reason}");
        Assert.SkipWhen(reason is not null, reason ?? "");
    }

    /// <summary>Ends the test here when a program that a guide uses is not installed.</summary>
    public static void SkipUnlessInstalled(string program) => SkipIfMissing(
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)))
            ? null : $"{program} is not installed (apt-get install {program}).");

    public async ValueTask DisposeAsync()
    {
        if (Server.IsValueCreated)
            await (await Server.Value).DisposeAsync();
        await PostgresServer.DeleteTemplateAsync();
    }
}
