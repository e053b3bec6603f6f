using System.Text;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>What leaves the service beside its answers: spans and metrics of every message, and nothing of any user.</summary>
public sealed class TelemetryTests : ProcessTests
{
    // All lower-case letters and digits, so that neither escaping nor lower-casing hides them.
    private const string Name = "canaryname7q";
    private const string Email = "canarymail7q";

    [Fact(Timeout = Timeout)]
    public async Task Sends_spans_and_metrics_and_gives_no_user_away()
    {
        await using var collector = await TelemetryCollector.StartAsync(Cancelled);
        await using var service = ServiceProcess.Start(
            DatabaseUrl,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "100"));
        using (var client = await service.ConnectAsync(Cancelled))
            await AskEverythingAsync(client);
        await service.TerminateAsync(Cancelled);
        Assert.Equal(0, await service.EndsAsync(Cancelled)); // by now all is sent

        string[] messages = ["CreateUser", "GetUser", "ListUsers", "ReplaceUser", "PatchUser", "DeleteUser", "StreamUsers"];
        Assert.All(messages, message => Assert.True(collector.Holds("traces", message), message));
        Assert.True(collector.Holds("traces", "EmailTaken"));
        Assert.True(collector.Holds("metrics", "usercqrs.message.duration"));
        Assert.True(collector.Holds("metrics", "http.server.request.duration"));
        foreach (var canary in new[] { Name, Email })
        {
            Assert.False(collector.Holds("traces", canary), $"traces hold {canary}");
            Assert.False(collector.Holds("metrics", canary), $"metrics hold {canary}");
            Assert.False(collector.Holds("logs", canary), $"logs hold {canary}");
            Assert.DoesNotContain(canary, service.Output);
        }
    }

    private static async Task AskEverythingAsync(HttpClient client)
    {
        var user = $$"""{"name":"{{Name}}","email":"{{Email}}@example.org"}""";
        await SendAsync(client, 201, "POST", "/v1/users", user);
        await SendAsync(client, 409, "POST", "/v1/users", user);
        await SendAsync(client, 422, "POST", "/v1/users", $$"""{"name":"{{Name}}\u0000","email":"{{Email}}","{{Name}}":1}""");
        await SendAsync(client, 400, "POST", "/v1/users", $"{Name} {Email}");
        await SendAsync(client, 428, "PUT", "/v1/users/1", user);
        await SendAsync(client, 412, "PATCH", "/v1/users/1", user, "\"7\"");
        await SendAsync(client, 400, "PATCH", "/v1/users/1", user, Name);
        await SendAsync(client, 200, "GET", $"/v1/users?email={Email}@example.org&namePrefix={Name}");
        await SendAsync(client, 400, "GET", $"/v1/users?{Name}={Email}&sort={Name}&cursor={Name}&email={Email}");
        await SendAsync(client, 400, "GET", $"/v1/users/1?{Name}={Email}");
        await SendAsync(client, 200, "GET", "/v1/users/1");
        await SendAsync(client, 404, "GET", $"/v1/users/{Name}");
        await SendAsync(client, 404, "GET", $"/{Name}/{Email}@example.org");
        await SendAsync(client, 405, "DELETE", $"/user/{Name}?x={Email}");
        await SendAsync(client, 422, "POST", $"/user/{Name}", user);
        await SendAsync(client, 409, "POST", "/user", user);
        await SendAsync(client, 422, "GET", $"/user?user_id={Name}");
        await SendAsync(client, 200, "GET", "/users/");
        await SendAsync(client, 200, "DELETE", "/user?user_id=1");
    }

    private static async Task SendAsync(
        HttpClient client, int status, string method, string path, string? body = null, string? ifMatch = null)
    {
        var mediaType = method == "PATCH" ? "application/merge-patch+json" : "application/json";
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, mediaType),
        };
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        using var answer = await client.SendAsync(request, Cancelled);
        Assert.Equal((method, path, status), (method, path, (int)answer.StatusCode));
    }
}
