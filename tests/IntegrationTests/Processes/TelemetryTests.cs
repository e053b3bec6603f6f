using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using UserCqrs.Infrastructure;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>
/// What leaves the service: spans and metrics of every message, log lines, refusals. None of them holds a name or an e-mail
/// address, whichever way it came in and whatever became of it.
/// </summary>
public sealed class TelemetryTests : ProcessTests
{
    private const int Writers = 32;

    [Theory]
    [InlineData(ProcessDatabase.Sqlite)]
    [InlineData(ProcessDatabase.Postgres)]
    public async Task Sends_spans_and_metrics_and_gives_no_user_away(string engine)
    {
        await using var database = await ProcessDatabase.StartAsync(engine, isSpoilt: true);
        await using var collector = await TelemetryCollector.StartAsync(Cancelled);
        await using var service = ServiceProcess.Start(
            database.Url, [("Database__WriteQueue", $"{Writers / 4}"), .. ExportTo(collector)]);
        var before = Canary.Count;
        using var client = new CanaryClient(await service.ListensAsync(Cancelled), Cancelled);
        await AskEverythingAsync(client);
        await AskWhatIsDocumentedAsync(client);
        foreach (var request in CanaryRequests.Raw())
            await client.SendRawAsync(request);
        await database.RefuseInsertsAsync();
        await client.IsAsync(500, "POST", "/v1/users", Canary.NewUser());
        await client.IsAsync(500, "POST", "/user", Canary.NewUser());
        await AskInTroubleAsync(client, database);
        await service.TerminateAsync(Cancelled);
        Assert.Equal(0, await service.EndsAsync(Cancelled)); // by now all is sent
        Assert.True(Canary.Count - before > 1_000, $"{Canary.Count - before}");
        int[] statuses = [200, 201, 204, 304, 400, 404, 405, 406, 409, 412, 413, 415, 422, 428, 500, 503];
        Assert.Empty(statuses.Except(client.Statuses));

        string[] messages = ["CreateUser", "GetUser", "ListUsers", "ReplaceUser", "PatchUser", "DeleteUser", "StreamUsers"];
        Assert.All(messages, message => Assert.True(collector.Holds("traces", message), message));
        Assert.True(collector.Holds("traces", "Conflict"));
        AssertIsOn(collector, "traces", "usercqrs-under-test", "http.route", "GET /v1/users", "OpenTelemetry.Instrumentation.EntityFrameworkCore", "db.query.summary");
        AssertIsOn(collector, "metrics", "usercqrs.message.duration", "http.server.request.duration", "kestrel.active_connections", "dotnet.gc.collections",
            "microsoft.entityframeworkcore.queries", "usercqrs.changes.entries", "usercqrs.changes.kept", "usercqrs.changes.lag");
        if (engine == ProcessDatabase.Postgres)
        {
            AssertIsOn(collector, "traces", "Npgsql");
            AssertIsOn(collector, "metrics", "db.client.connection.count", "lists");
        }

        // Tags that callers fill, statements, and the database's words about the inserts it refused.
        Assert.All(
            ["url.path", "url.query", "user_agent", "server.address", "client.address", "network.peer", "db.query.text", "db.statement", "exception", "refuse"],
            text => Assert.False(collector.Holds("traces", text), text));
        Assert.Contains("The database cannot take request", service.Output);
        Assert.Contains("GET /v1/users/{id:long}: 200 in", service.Output);
        Assert.Contains("failed", service.Output);
        AssertNothingLeaks(client, collector, service);
    }

    [Fact]
    public async Task Refuses_callers_and_gives_neither_them_nor_their_credentials_away()
    {
        await File.WriteAllTextAsync(KeySetFile, KeySet(), Cancelled);
        await Maintenance.MigrateAsync(SettingsOf(DatabaseUrl), _ => { }, Cancelled);
        var reader = (await ApiKeys.CreateAsync(SettingsOf(DatabaseUrl))).Token;
        await using var collector = await TelemetryCollector.StartAsync(Cancelled);
        await using var service = ServiceProcess.Start(
            DatabaseUrl,
            [
                ("Jwt__KeysFile", KeySetFile), ("Jwt__Issuer", "https://id.example.org"), ("Jwt__Audience", "users"),
                ("Limits__RequestsPerSecond", "20"), .. ExportTo(collector),
            ]);
        using var client = new CanaryClient(await service.ListensAsync(Cancelled), Cancelled);

        await client.IsAsync(403, "POST", "/v1/users", Canary.NewUser(), ("Authorization", $"Bearer {reader}"));
        await client.IsAsync(403, "POST", "/user", Canary.NewUser(), ("Authorization", $"Bearer {reader}"));
        await client.IsAsync(421, "POST", "/v1/users", Canary.NewUser(), ("Host", $"{Canary.New()}.example"));
        await client.SendRawAsync($"GET /v1/users HTTP/1.1\r\nHost: localhost\r\nAuthorization: {new string('x', 17_000)}{Canary.New()}\r\n\r\n");
        while (!client.Statuses.Contains(429))
        {
            foreach (var credential in Credentials())
                await client.SendAsync(new("POST", "/v1/users", Canary.NewUser(), ("Authorization", credential)));
        }

        await service.TerminateAsync(Cancelled);
        Assert.Equal(0, await service.EndsAsync(Cancelled));
        Assert.Empty(((int[])[401, 403, 421, 429, 431]).Except(client.Statuses));
        Assert.True(collector.Holds("metrics", "http.server.request.duration"));
        Assert.Contains($"Callers get 403: POST /v1/users, key:{reader[4..12]}: This needs a credential with the scope users:write.", service.Output);
        AssertNothingLeaks(client, collector, service);
        Assert.DoesNotContain(reader[12..], service.Output);
        Assert.DoesNotContain(reader[12..], collector.Text);
    }

    [Fact]
    public async Task Without_an_address_the_libraries_are_not_even_loaded()
    {
        await using var service = ServiceProcess.Start(DatabaseUrl);
        using var client = await service.ConnectAsync(Cancelled);
        await CreateAsync(client, "Ann", "ann@example.org");

        Assert.Contains("UserCqrs.Web.dll", service.MappedFiles);
        Assert.DoesNotContain("OpenTelemetry", service.MappedFiles);
    }

    private string KeySetFile => $"{DatabaseFile}.jwks";

    private static void AssertNothingLeaks(CanaryClient client, TelemetryCollector collector, ServiceProcess service)
    {
        var leaks = new[] { Canary.FindIn(collector.Text), Canary.FindIn(service.Output) }.OfType<string>().Concat(client.Leaks).ToList();
        Assert.True(leaks.Count == 0, string.Join('\n', leaks.Take(20)));
    }

    private static void AssertIsOn(TelemetryCollector collector, string signal, params string[] names) =>
        Assert.All(names, name => Assert.True(collector.Holds(signal, name), name));

    private static (string, string)[] ExportTo(TelemetryCollector collector) =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address),
        ("OTEL_SERVICE_NAME", "usercqrs-under-test"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_BSP_SCHEDULE_DELAY", "1000"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "1000"),
        ("Logging__LogLevel__RequestLog", "Information"),
    ];

    private static string KeySet()
    {
        using var rsa = RSA.Create(2048);
        var key = rsa.ExportParameters(includePrivateParameters: false);
        return $$"""{"keys":[{"kty":"RSA","kid":"rsa","n":"{{Base64Url.EncodeToString(key.Modulus)}}","e":"{{Base64Url.EncodeToString(key.Exponent)}}"}]}""";
    }

    private static string[] Credentials()
    {
        var claims = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
            $$"""{"iss":"https://id.example.org","aud":"users","sub":"{{Canary.New()}}","email":"{{Canary.NewEmail()}}","exp":{{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 60}}}"""));
        return
        [
            Canary.New(), $"Basic {Canary.New()}", $"Bearer {Canary.New()}", $"Bearer ucq_{Canary.New()}", $"Bearer {Canary.New()}.{Canary.New()}.{Canary.New()}",
            .. new[] { """{"alg":"none"}""", """{"alg":"RS256","kid":"rsa","typ":"JWT"}""", $$"""{"alg":"HS256","kid":"{{Canary.New()}}"}""" }
                .Select(header => $"Bearer {Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{claims}.{Canary.New()}"),
        ];
    }

    private static async Task AskEverythingAsync(CanaryClient client)
    {
        var (name, email) = (Canary.New(), Canary.NewEmail());
        var externalId = Canary.New();
        var user = $$$"""{"name":"{{{name}}}","email":"{{{email}}}","externalId":"{{{externalId}}}","attributes":{"a":"{{{Canary.New()}}}"}}""";
        await client.IsAsync(201, "POST", "/v1/users", user);
        await client.IsAsync(409, "POST", "/v1/users", user);
        await client.IsAsync(422, "POST", "/v1/users", $$"""{"name":"{{name}}\u0000","email":"{{name}}","{{name}}":1}""");
        await client.IsAsync(400, "POST", "/v1/users", $"{name} {email}");
        await client.IsAsync(428, "PUT", "/v1/users/1", user);
        await client.IsAsync(412, "PATCH", "/v1/users/1", user, ("If-Match", "\"7\""));
        await client.IsAsync(400, "PATCH", "/v1/users/1", user, ("If-Match", name));
        await client.IsAsync(200, "GET", $"/v1/users?email={email}&namePrefix={name}&externalId={externalId}");
        await client.IsAsync(200, "GET", $"/v1/users/by-external-id/{externalId}");
        await client.IsAsync(404, "GET", $"/v1/users/by-external-id/{Canary.New()}");
        await client.IsAsync(400, "GET", $"/v1/users/by-external-id/{Canary.New()}%FF");
        await client.IsAsync(200, "PUT", $"/v1/users/by-external-id/{externalId}", user);
        await client.IsAsync(422, "PUT", $"/v1/users/by-external-id/{Canary.New()}", user);
        await client.IsAsync(409, "PUT", $"/v1/users/by-external-id/{Canary.New()}", $$"""{"name":"{{name}}","email":"{{email}}"}""");
        await client.IsAsync(200, "POST", "/v1/users/lookup", $$"""{"emails":["{{email}}","{{Canary.NewEmail()}}"],"externalIds":["{{externalId}}"]}""");
        await client.IsAsync(400, "GET", $"/v1/users?{name}={email}&sort={name}&cursor={name}&email={email}");
        await client.IsAsync(400, "GET", $"/v1/users/1?{name}={email}");
        await client.IsAsync(200, "GET", "/v1/users/1");
        await client.IsAsync(304, "GET", "/v1/users/1", null, ("If-None-Match", "\"1\""));
        await client.IsAsync(404, "GET", $"/v1/users/{name}");
        await client.IsAsync(404, "GET", $"/{name}/{email}");
        await client.IsAsync(405, "DELETE", $"/user/{name}?x={email}");
        await client.IsAsync(422, "POST", $"/user/{name}", user);
        await client.IsAsync(409, "POST", "/user", user);
        await client.IsAsync(422, "GET", $"/user?user_id={name}");
        await client.IsAsync(200, "GET", "/users/");

        await client.IsAsync(201, "POST", "/v1/users", Canary.NewUser());
        var page = await client.IsAsync(200, "GET", $"/v1/users?sort=name&limit=1&namePrefix={name[..6]}");
        var cursor = JsonElement.Parse(page).GetProperty("next").GetString();
        await client.IsAsync(200, "GET", $"/v1/users?sort=name&namePrefix={name[..6]}&cursor={cursor}");
        await client.IsAsync(400, "GET", $"/v1/users?sort=email&namePrefix={name[..6]}&cursor={cursor}");
        await client.IsAsync(200, "DELETE", "/user?user_id=1");
        await client.SendAsync(new("GET", "/"));
        await client.SendAsync(new("GET", "/openapi.json"));
        await client.SendAsync(new("GET", $"/docs/{Canary.New()}"));
        await client.SendAsync(new("GET", $"/problems/{Canary.New()}"));
        await client.SendAsync(new("GET", $"/health/ready?{Canary.New()}"));
    }

    private static async Task AskWhatIsDocumentedAsync(CanaryClient client)
    {
        var document = JsonElement.Parse((await client.SendAsync(new("GET", "/openapi.json"))).Body);
        var requests = CanaryRequests.Of(document).ToList();
        Assert.True(requests.Count > 200, $"{requests.Count}");
        await Parallel.ForEachAsync(requests, Cancelled, async (request, _) =>
        {
            // Each that names a user has one of its own to spoil.
            if (request.NamesUser)
            {
                var created = await client.IsAsync(201, "POST", "/v1/users", Canary.NewUser());
                request = request.About(JsonElement.Parse(created).GetProperty("id").GetInt64());
            }

            await client.SendAsync(request);
        });
    }

    private static async Task AskInTroubleAsync(CanaryClient client, ProcessDatabase database)
    {
        var spoilt = database.SpoilAsync();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            while (!spoilt.IsCompleted)
            {
                await (writer % 4 == 0 ? client.HangUpAsync() : client.SendAsync(new("PATCH", "/v1/users/2", Canary.NewUser())));
                await Task.Delay(50, Cancelled); // time for all to come before the writer
            }
        }));
        await spoilt;
    }
}
