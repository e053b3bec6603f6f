using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>Tests that start the service as a process.</summary>
public abstract class ProcessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("usercqrs-");

    protected static readonly MediaTypeHeaderValue MergePatch = new("application/merge-patch+json");

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected string DatabaseFile => Path.Combine(_folder.FullName, "users.db");

    protected string DatabaseUrl => $"sqlite:///{DatabaseFile}";

    protected static IConfiguration SettingsOf(string databaseUrl) => new ConfigurationBuilder()
        .AddInMemoryCollection([new("DATABASE_URL", databaseUrl)]).Build();

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    protected static async Task<long> CreateAsync(HttpClient client, string name, string email)
    {
        using var response = await client.PostAsJsonAsync("/v1/users", new { name, email }, Cancelled);
        Assert.Equal(201, (int)response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("id").GetInt64();
    }
}
