using System.Net;
using System.Text.Json;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>A service without keys: closed as it is published, open to its own machine by <c>dotnet run</c>.</summary>
public sealed class AnonymousCallersTests(AnonymousCallersTests.Published published)
    : ProcessTests, IClassFixture<AnonymousCallersTests.Published>
{
    [Fact]
    public async Task A_published_service_without_keys_refuses_callers_and_says_how_to_make_one()
    {
        using var client = new HttpClient { BaseAddress = published.Address };

        using var response = await client.GetAsync("/v1/users", Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("keys create", await DetailOfAsync(response));
        Assert.Contains("keys create", published.Output); // the operator reads it in the log, too
    }

    [Theory]
    [InlineData("GET", "/v1/users")]
    [InlineData("DELETE", "/v1/users/1")]
    [InlineData("GET", "/users/")]
    [InlineData("DELETE", "/user?user_id=1")]
    public async Task A_plain_proxy_on_the_same_machine_does_not_open_it(string method, string path)
    {
        using var proxy = new Balancer(published.Address);
        using var stranger = new HttpClient { BaseAddress = proxy.Address };

        // What nginx sends by "proxy_pass http://localhost:5000": the upstream's name as Host, and no forwarding header.
        using var request = new HttpRequestMessage(new(method), path) { Headers = { Host = $"localhost:{published.Address.Port}" } };
        using var response = await stranger.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task By_dotnet_run_callers_on_this_machine_need_no_key_until_there_is_one()
    {
        await using var service = ServiceProcess.RunSource(["--urls", "http://127.0.0.1:0"], DatabaseUrl);
        using var client = await service.ConnectAsync(Cancelled);
        await CreateAsync(client, "Ann", "ann@example.org");

        await using (var command = ServiceProcess.Run(["keys", "create", "--name", "test", "--scope", "users:read"], DatabaseUrl))
            Assert.True(await command.EndsAsync(Cancelled) == 0, command.Output);
        HttpStatusCode status;
        while ((status = (await client.GetAsync("/v1/users", Cancelled)).StatusCode) == HttpStatusCode.OK)
            await Task.Delay(50, Cancelled); // until the service knows the key
        Assert.Equal(HttpStatusCode.Unauthorized, status);

        await service.TerminateAsync(Cancelled); // dotnet run passes it on
        await service.EndsAsync(Cancelled);
    }

    private static async Task<string> DetailOfAsync(HttpResponseMessage response)
    {
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled));
        return problem.RootElement.GetProperty("detail").GetString()!;
    }

    /// <summary>The service as it is published: without the settings of <c>dotnet run</c>.</summary>
    public sealed class Published : ProcessTests, IAsyncLifetime
    {
        private ServiceProcess? _service;
        private Uri? _address;

        public Uri Address => _address!;

        public string Output => _service!.Output;

        public async ValueTask InitializeAsync()
        {
            _service = ServiceProcess.Run([], DatabaseUrl, ("ASPNETCORE_URLS", "http://127.0.0.1:0"));
            _address = await _service.ListensAsync(Cancelled);
        }

        public async ValueTask DisposeAsync()
        {
            await _service!.DisposeAsync();
            Dispose();
        }
    }
}
