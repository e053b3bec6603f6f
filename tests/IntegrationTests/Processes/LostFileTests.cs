using System.Net;
using System.Net.Http.Json;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>Somebody removes the database file, or puts another in its place, while the service has it open.</summary>
public sealed class LostFileTests : ProcessTests
{
    [Fact]
    public async Task Acknowledges_no_write_and_is_not_ready_once_the_file_is_gone()
    {
        await using var service = ServiceProcess.Start(DatabaseUrl);
        using var client = await service.ConnectAsync(Cancelled);
        await CreateAsync(client, "Ann", "ann@example.org");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/health/ready"));

        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(DatabaseFile)!, "users.db*"))
            File.Delete(file);

        using var refused = await client.PostAsJsonAsync("/v1/users", new { name = "Bob", email = "bob@example.org" }, Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(client, "/health/ready"));
        Assert.Contains(DatabaseFile, service.Output); // the operator's log names it; the response does not
        Assert.DoesNotContain(DatabaseFile, await refused.Content.ReadAsStringAsync(Cancelled));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, Cancelled);
        return response.StatusCode;
    }
}
