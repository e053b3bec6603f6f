using System.Net;
using System.Text.Json;
using FastEndpoints;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using UserCqrs.Application.Common;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests;

/// <summary>What FastEndpoints does by default, and must not do here.</summary>
[OnOneDatabase("it looks at how routes are declared")]
public sealed class FastEndpointsTests(SqliteUsersService service) : HttpTests(service), IClassFixture<SqliteUsersService>
{
    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("OPTIONS")]
    public async Task Tells_nobody_the_list_of_routes(string method) =>
        Assert.Equal(404, (await SendAsync(method, "/_test_url_cache_", null)).Status);

    // Its own 415 has no body, and asks a media type of every request without one.
    [Fact]
    public async Task Leaves_media_types_to_the_service()
    {
        (await SendAsync("POST", "/v1/users", null)).IsProblem(415, "unsupported-media-type");
        (await DeleteAsync("/v1/users/999999")).IsProblem(404, "user-not-found");
    }

    [Fact]
    public async Task A_JsonException_of_a_handler_is_a_mistake_of_the_service()
    {
        await using var broken = new ServiceWithBrokenJson();
        await broken.InitializeAsync();

        using var body = Body(Fields("Ann", NewEmail()));
        using var response = await broken.Client.PostAsync(new Uri("/v1/users", UriKind.Relative), body, Cancelled);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    [Fact]
    public Task An_endpoint_that_does_not_say_who_may_call_it_stops_the_start() =>
        StopsTheStartAsync<EndpointWithoutAccess>();

    [Fact]
    public Task An_endpoint_whose_policy_is_no_scope_stops_the_start() => StopsTheStartAsync<EndpointWithMistypedScope>();

    [Fact]
    public Task An_endpoint_with_a_rule_that_would_have_no_effect_stops_the_start() => StopsTheStartAsync<EndpointWithRoles>();

    private static async Task StopsTheStartAsync<TEndpoint>()
    {
        await using var open = new ServiceWith<TEndpoint>();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(async () => await open.InitializeAsync());

        Assert.StartsWith($"{typeof(TEndpoint).Name} must say who may call it,", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_services_in_one_process_keep_their_own_settings_and_outlive_each_other()
    {
        var ann = await NewUserAsync();
        await using (var slow = new SlowService())
        {
            await slow.InitializeAsync();

            var other = await ReadFourTimesAsync(slow.Client, ann.Path);

            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.TooManyRequests), (other[0], other[3]));
        }

        Assert.All(await ReadFourTimesAsync(Service.Client, ann.Path), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.All(await ReadFourTimesAsync(Service.Client, "/problems"), status => Assert.Equal(HttpStatusCode.OK, status));
    }

    private static async Task<List<HttpStatusCode>> ReadFourTimesAsync(HttpClient client, string path)
    {
        var statuses = new List<HttpStatusCode>();
        while (statuses.Count < 4)
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
            statuses.Add(response.StatusCode);
        }

        return statuses;
    }

    private sealed class ServiceWithBrokenJson : SqliteUsersService
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Logging:LogLevel:Default", "None");
            builder.ConfigureTestServices(services => services.AddSingleton<IUnitOfWork, UnitOfWorkWithBrokenJson>());
        }
    }

    private sealed class UnitOfWorkWithBrokenJson : IUnitOfWork
    {
        public Task<TResult> ExecuteAsync<TResult>(Func<Task<TResult>> work, Saves saves, CancellationToken cancellationToken)
            where TResult : IResult<TResult> => throw new JsonException("of a column, say");
    }

    private sealed class ServiceWith<TEndpoint> : SqliteUsersService
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services.AddFastEndpoints([typeof(TEndpoint)]));
        }
    }

    private sealed class EndpointWithoutAccess : EndpointWithoutRequest
    {
        public override void Configure() => Get("/open");

        public override Task HandleAsync(CancellationToken ct) => Task.CompletedTask;
    }

    private sealed class EndpointWithMistypedScope : EndpointWithoutRequest
    {
        public override void Configure()
        {
            Get("/open");
            Policies("users:raed");
        }

        public override Task HandleAsync(CancellationToken ct) => Task.CompletedTask;
    }

    private sealed class EndpointWithRoles : EndpointWithoutRequest
    {
        public override void Configure()
        {
            Get("/open");
            Policies("users:read");
            Roles("admin");
        }

        public override Task HandleAsync(CancellationToken ct) => Task.CompletedTask;
    }

    private sealed class SlowService : SqliteUsersService
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Limits:RequestsPerSecond", "1");
        }
    }
}
