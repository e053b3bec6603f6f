using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Security;

/// <summary>A service without keys: whom it lets in by which address, and under which name it may be called.</summary>
[OnOneDatabase("it looks at addresses and hosts, before a database is used")]
public sealed class NetworkTests(SqliteUsersService onLoopback, NetworkTests.NetworkedService onNetwork)
    : HttpTests(onLoopback), IClassFixture<SqliteUsersService>, IClassFixture<NetworkTests.NetworkedService>
{
    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LocalHost:5000", 200)]
    [InlineData("users.localhost", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("127.1.2.3:80", 200)]
    [InlineData("[::1]:5000", 200)]
    [InlineData("evil.example", 421)]
    [InlineData("localhost.evil.example", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    [InlineData("evil.example:5000", 421)]
    [InlineData("0.0.0.0", 421)]
    [InlineData("192.0.2.1", 421)]
    [InlineData("[2001:db8::1]", 421)]
    public async Task By_loopback_the_host_must_be_a_loopback_name(string host, int status)
    {
        Assert.Equal(status, (await AskAsync(Service, "/v1/users", host)).Status);
        Assert.Equal(status, (await AskAsync(Service, "/users", host)).Status);
        Assert.Equal(status, (await AskAsync(Service, "/health/live", host)).Status);
    }

    [Fact]
    public async Task A_misdirected_request_is_told_so_before_all_else() =>
        (await SendAsync("POST", "/v1/users", Body("{}", "text/plain"), ("Host", "evil.example"))).IsProblem(421, "misdirected");

    [Fact]
    public async Task By_loopback_everyone_is_let_in_until_there_is_a_key() =>
        Assert.Equal(200, (await AskAsync(Service, "/v1/users", "localhost")).Status);

    [Fact]
    public async Task By_a_network_nobody_is_let_in_without_a_key()
    {
        (await AskAsync(onNetwork, "/v1/users", "users.example.org")).IsProblem(401, "unauthorized");
        (await AskAsync(onNetwork, "/user?user_id=1", "localhost")).Is(401, """{"detail":"Not authenticated"}""");
    }

    [Theory]
    [InlineData("/health/ready")]
    [InlineData("/openapi.json")]
    [InlineData("/problems")]
    [InlineData("/docs/index.html")]
    public async Task By_a_network_what_tells_of_no_user_is_open(string path) =>
        Assert.Equal(200, (await AskAsync(onNetwork, path, "users.example.org")).Status);

    [Theory]
    [InlineData("users.example.org", 421)]
    [InlineData("*.example.org", 421)]
    [InlineData("*", 200)]
    public async Task Names_that_the_operator_allows_reach_the_service_but_are_not_let_in_without_a_key(string allowed, int others)
    {
        await using var service = new BehindProxy(allowed);
        await service.InitializeAsync();

        Assert.Equal(401, (await AskAsync(service, "/v1/users", "users.example.org")).Status);
        Assert.Equal(200, (await AskAsync(service, "/v1/users", "localhost")).Status);
        Assert.Equal(200, (await AskAsync(service, "/health/live", "localhost")).Status);
        Assert.Equal(others, (await AskAsync(service, "/health/live", "evil.example")).Status);
        if (others == 421)
            (await AskAsync(service, "/v1/users", "evil.example")).IsProblem(421, "misdirected");
    }

    [Theory]
    [InlineData("Forwarded", "for=192.0.2.1")]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    [InlineData("X-Real-IP", "192.0.2.1")]
    [InlineData("Via", "1.1 proxy")]
    public async Task What_a_proxy_on_this_machine_passes_on_is_not_let_in_without_a_key(string header, string value) =>
        (await GetAsync("/v1/users", (header, value))).IsProblem(401, "unauthorized");

    private static async Task<Response> AskAsync(UsersService service, string path, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
        using var response = await service.Client.SendAsync(request, Cancelled);
        return await Response.ReadAsync(response, Cancelled);
    }

    /// <summary>Its connections look as if they came in by a network.</summary>
    public sealed class NetworkedService : SqliteUsersService
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services.AddSingleton<IStartupFilter, ByNetwork>());
        }
    }

    private sealed class BehindProxy(string allowedHosts) : SqliteUsersService
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("AllowedHosts", allowedHosts);
        }
    }

    private sealed class ByNetwork : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                context.Connection.LocalIpAddress = IPAddress.Parse("192.0.2.1");
                return rest(context);
            });
            next(app);
        };
    }
}
