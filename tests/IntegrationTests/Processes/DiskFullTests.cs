using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>A disk of a few MiB in memory, which takes root to mount.</summary>
public sealed class DiskFullTests : ProcessTests
{
    private const int Ballast = 3 * 1024 * 1024;

    [Fact]
    public async Task Still_reads_refuses_to_write_and_recovers_without_a_restart()
    {
        Assert.SkipUnless(Environment.UserName == "root", "NOT RUN: only root can mount the small disk that this test fills.");
        var folder = Path.GetDirectoryName(DatabaseFile)!;
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder);
        try
        {
            var ballast = Path.Combine(folder, "ballast");
            await File.WriteAllBytesAsync(ballast, new byte[Ballast], Cancelled);
            await using var service = ServiceProcess.Start(DatabaseUrl);
            using var client = await service.ConnectAsync(Cancelled);

            var created = new List<Uri>();
            HttpResponseMessage refused;
            while ((refused = await CreateAsync(client, created.Count)).StatusCode == HttpStatusCode.Created)
                created.Add(refused.Headers.Location!);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            for (var i = 0; i < 50; i++)
                Assert.Equal(HttpStatusCode.ServiceUnavailable, (await CreateAsync(client, created.Count)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, created[0]));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, created[^1]));

            File.Delete(ballast);
            Assert.Equal(HttpStatusCode.Created, (await CreateAsync(client, created.Count)).StatusCode);
            foreach (var user in created)
                Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, user));
            await service.TerminateAsync(Cancelled);
            Assert.Equal(0, await service.EndsAsync(Cancelled));
            Assert.Single(service.Output.Split('\n'), line => line.Contains("The database cannot take request", StringComparison.Ordinal));
        }
        finally
        {
            await RunAsync("umount", folder);
        }
    }

    // Long names fill the disk sooner.
    private static Task<HttpResponseMessage> CreateAsync(HttpClient client, int number) =>
        client.PostAsJsonAsync("/v1/users", new { name = new string('山', 200), email = $"{number}@example.org" }, Cancelled);

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, Uri user) =>
        (await client.GetAsync(user, Cancelled)).StatusCode;

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.Equal(0, process.ExitCode);
    }
}
