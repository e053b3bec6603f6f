using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Postgres;
using UserCqrs.IntegrationTests.Processes;

namespace UserCqrs.IntegrationTests.Upgrades;

/// <summary>
/// Databases that an earlier release made: this one opens them, finds every user and key, and goes on where that one stopped.
/// </summary>
public sealed class UpgradeTests : ProcessTests
{
    /// <summary>A folder for each schema that was released; <c>make.sh</c> makes one from a published service.</summary>
    private static readonly string[] Schemas = ["2026-11-24"];

    /// <summary>What users have in members that came later.</summary>
    private static readonly JsonNode New = JsonNode.Parse("""{"externalId":null,"active":true,"attributes":{}}""")!;

    public static TheoryData<string, string> Databases { get; } =
        [.. Schemas.SelectMany(schema => new[] { (schema, ProcessDatabase.Sqlite), (schema, ProcessDatabase.Postgres) })];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Every_user_and_key_is_there_and_ids_go_on(string schema, string engine)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Upgrades", schema);
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, $"expected.{engine}.json"), Cancelled))!;
        await using var service = await AnyUsersService.StartAsync(engine == ProcessDatabase.Sqlite ? CopyFiles(folder) : await RestoreAsync(folder));
        var client = service.Client;

        client.DefaultRequestHeaders.Authorization = new("Bearer", (string?)expected["revokedKey"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(client, "GET", "/v1/users")).Status);
        client.DefaultRequestHeaders.Authorization = new("Bearer", (string?)expected["key"]);
        var ready = await SendAsync(client, "GET", "/health/ready");
        var users = await SendAsync(client, "GET", "/v1/users?limit=200");
        var changed = await SendAsync(client, "GET", $"/v1/users/{expected["changed"]!["id"]}");
        var created = await SendAsync(client, "POST", "/v1/users", """{"name":"Next","email":"next@example.org"}""");
        var taken = await SendAsync(client, "POST", "/v1/users", """{"name":"Again","email":"ANN@example.org"}""");

        Assert.Equal(HttpStatusCode.OK, ready.Status);
        var items = JsonNode.Parse(users.Body)!["items"]!.AsArray();
        Assert.Equal(expected["items"]!.AsArray().Count, items.Count);
        Assert.All(expected["items"]!.AsArray().Zip(items), pair => Assert.True(Holds(pair.Second!, pair.First!), $"{pair.Second}"));
        Assert.All(items, user => Assert.True(Holds(user!, New), $"{user}"));
        foreach (var user in items)
        {
            var found = await SendAsync(client, "GET", $"/v1/users?q={Uri.EscapeDataString((string)user!["email"]!)}");
            Assert.Equal([(long)user["id"]!], JsonNode.Parse(found.Body)!["items"]!.AsArray().Select(match => (long)match!["id"]!));
        }

        Assert.Equal((string?)expected["changed"]!["etag"], changed.EntityTag);
        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal((long)expected["lastId"]! + 1, (long)JsonNode.Parse(created.Body)!["id"]!);
        Assert.Equal(HttpStatusCode.Conflict, taken.Status);
    }

    /// <summary>Whether a user is as it was then. What users have got since does not matter.</summary>
    private static bool Holds(JsonNode user, JsonNode before) =>
        before.AsObject().All(member => JsonNode.DeepEquals(user[member.Key], member.Value));

    private string CopyFiles(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "users.db*"))
            File.Copy(file, Path.Combine(Path.GetDirectoryName(DatabaseFile)!, Path.GetFileName(file)));
        return DatabaseUrl;
    }

    private static async Task<string> RestoreAsync(string folder)
    {
        SharedPostgres.SkipIfMissing();
        var server = await SharedPostgres.GetAsync();
        var url = await server.CreateDatabaseAsync();
        using var psql = Process.Start(
            PostgresServer.PathOf("psql"), ["--quiet", "--set=ON_ERROR_STOP=1", $"--file={Path.Combine(folder, "users.sql")}", "--output=/dev/null", url]);
        await psql.WaitForExitAsync(Cancelled);
        Assert.Equal(0, psql.ExitCode);
        return url;
    }

    private static async Task<(HttpStatusCode Status, string? EntityTag, string Body)> SendAsync(
        HttpClient client, string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var response = await client.SendAsync(request, Cancelled);
        return (response.StatusCode, response.Headers.ETag?.Tag, await response.Content.ReadAsStringAsync(Cancelled));
    }
}
