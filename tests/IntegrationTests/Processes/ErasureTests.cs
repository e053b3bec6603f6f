using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using UserCqrs.IntegrationTests.Postgres;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>Nothing of an erased user is left in any octet of the database's files.</summary>
public sealed class ErasureTests : ProcessTests
{
    // Letters that no other user has, so that three of them in a row, a term of the full-text index, are a trace too.
    private const string Rare = "ꙮꙭꙫ";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sqlite_keeps_no_trace_after_a_vacuum(bool wasDeleted)
    {
        var canaries = new List<string>();
        var path = await RunAsync(client => UseAsync(client, canaries, wasDeleted));
        var files = ReadAll(Path.GetDirectoryName(DatabaseFile)!);
        Assert.All(canaries, canary => Assert.NotEmpty(TracesOf(canary, files)));

        await RunAsync(client => EraseAsync(client, path));
        await RunAsync(_ => IsPurgedAsync());

        // SQLite may leave fragments where it reorganizes a page, and VACUUM removes them.
        var left = ReadAll(Path.GetDirectoryName(DatabaseFile)!);
        Assert.InRange(canaries.Count(canary => TracesOf(canary, left).Count > 0), 0, 2);
        Execute("VACUUM");
        AssertNoTraces(canaries, Path.GetDirectoryName(DatabaseFile)!);
    }

    [Fact]
    public async Task Postgres_keeps_no_trace_in_its_tables_after_a_vacuum()
    {
        SharedPostgres.SkipIfMissing();
        await using var server = await PostgresServer.StartNewAsync();
        var canaries = new List<string>();
        var url = await server.CreateDatabaseAsync();
        await using var service = ServiceProcess.Start(url);
        using var client = await service.ConnectAsync(Cancelled);
        var path = await UseAsync(client, canaries, wasDeleted: true);
        await server.ExecuteAsync("CHECKPOINT");
        var files = ReadAll(server.TablesFolder);
        Assert.All(canaries.Except([Rare]), canary => Assert.NotEmpty(TracesOf(canary, files)));

        await EraseAsync(client, path);
        await server.ExecuteAsync("VACUUM FULL", new Uri(url).AbsolutePath[1..]);
        await server.ExecuteAsync("CHECKPOINT");

        AssertNoTraces(canaries, server.TablesFolder);
    }

    /// <summary>Starts the service, stops it afterwards, which makes a checkpoint, and returns what was done meanwhile.</summary>
    private async Task<T> RunAsync<T>(Func<HttpClient, Task<T>> use)
    {
        await using var service = ServiceProcess.Start(DatabaseUrl);
        using var client = await service.ConnectAsync(Cancelled);
        var result = await use(client);
        await service.TerminateAsync(Cancelled);
        Assert.Equal(0, await service.EndsAsync(Cancelled));
        return result;
    }

    /// <summary>Waits until the service has purged the full-text index, which it begins to do when it has started.</summary>
    private async Task<bool> IsPurgedAsync()
    {
        while ((long)Execute("SELECT count(*) FROM users_unindexed")! > 0)
            await Task.Delay(100, Cancelled);
        return true;
    }

    private object? Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar();
    }

    private static async Task<int> EraseAsync(HttpClient client, string path)
    {
        using var response = await SendAsync(client, HttpMethod.Post, $"{path}/erase", null);
        return (int)response.StatusCode;
    }

    /// <summary>Creates a user among many others, changes it, and returns its path.</summary>
    private static async Task<string> UseAsync(HttpClient client, List<string> canaries, bool wasDeleted)
    {
        await ImportAsync(client);
        using var created = await SendAsync(client, HttpMethod.Post, "/v1/users", $$"""
            {"name":"{{Rare}}{{New()}}","email":"{{New()}}@example.org","externalId":"{{New()}}","attributes":{"a":"{{New()}}{{Incompressible(6_000)}}"} }
            """, ("Idempotency-Key", New()));
        var path = $"{created.Headers.Location}";
        await ImportAsync(client);
        (await SendAsync(client, HttpMethod.Patch, path, $$"""{"name":"{{Rare}} {{New()}}","attributes":{"a":null,"b":"{{New()}}"} }""")).Dispose();
        (await SendAsync(client, HttpMethod.Patch, path, $$"""{"email":"{{New()}}@example.org"}""")).Dispose();
        canaries.Add(Rare);
        using var found = await client.GetAsync($"/v1/users?q={Rare}", Cancelled);
        Assert.Equal(1, (await found.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("items").GetArrayLength());
        await ImportAsync(client);
        if (wasDeleted)
            (await SendAsync(client, HttpMethod.Delete, path, null)).Dispose();
        return path;

        string New()
        {
            canaries.Add($"{Guid.NewGuid():N}");
            return canaries[^1];
        }
    }

    private static async Task ImportAsync(HttpClient client)
    {
        var lines = string.Concat(Enumerable.Range(0, 300).Select(i => $$"""{"name":"Ann {{i}}","email":"{{Guid.NewGuid():N}}@example.com"}""" + "\n"));
        using var body = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        using var response = await client.PostAsync("/v1/users/import", body, Cancelled);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsStringAsync(Cancelled);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpMethod method, string path, string? json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, method == HttpMethod.Patch ? MergePatch : new("application/json"));
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        var response = await client.SendAsync(request, Cancelled);
        return response.EnsureSuccessStatusCode();
    }

    private static void AssertNoTraces(List<string> canaries, string folder)
    {
        var files = ReadAll(folder);
        Assert.Empty(canaries.SelectMany(canary => TracesOf(canary, files), (canary, file) => $"{canary} is in {file}"));
    }

    private static List<string> TracesOf(string canary, Dictionary<string, byte[]> files) =>
        [.. files.Where(file => file.Value.AsSpan().IndexOf(Octets(canary)) >= 0).Select(file => file.Key)];

    // A full-text index omits the beginning of a term if the term before it begins in the same way.
    private static ReadOnlySpan<byte> Octets(string canary) => Encoding.UTF8.GetBytes(canary).AsSpan(canary == Rare ? 2 : 0);

    private static string Incompressible(int length) => RandomNumberGenerator.GetHexString(length);

    private static Dictionary<string, byte[]> ReadAll(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.ReadAllBytes);
}
