using System.Diagnostics;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Postgres;

/// <summary>What a consumer sees of a server in trouble, and how soon that is over.</summary>
[OnOneDatabase("it stops a server; UnavailableTests has the troubles of a file")]
public sealed class FaultTests(FaultTests.OwnServerService service) : HttpTests(service), IClassFixture<FaultTests.OwnServerService>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Connections_that_are_cut_are_replaced()
    {
        await NewUserAsync();
        await service.Postgres.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'usercqrs'");

        await RecoversAsync();
    }

    [Fact]
    public async Task Reads_do_not_notice_that_connections_were_cut()
    {
        var user = await NewUserAsync();
        Assert.Equal(200, (await GetAsync("/v1/users")).Status);
        await Task.Delay(TimeSpan.FromSeconds(6), Cancelled); // what serves them is reused, and must not be judged by its age
        await service.Postgres.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'usercqrs'");

        Assert.Equal((200, 200), ((await GetAsync("/v1/users")).Status, (await GetAsync(user.Path)).Status));
        await RecoversAsync(); // writes do notice, once
    }

    [Fact]
    public async Task A_server_that_hangs_is_unavailable_and_then_is_not()
    {
        var user = await NewUserAsync();
        await using (await service.Postgres.FreezeAsync())
        {
            var responses = await Task.WhenAll(
                GetAsync(user.Path), GetAsync("/v1/users"), PatchAsync(user.Path, """{"name":"Bob"}"""),
                PostAsync("/v1/users", Fields("Ann", NewEmail())));
            Assert.All(responses, IsUnavailable);
        }

        await RecoversAsync();
    }

    [Fact]
    public async Task A_server_without_a_connection_to_spare_is_unavailable_and_then_is_not()
    {
        await service.Postgres.ExecuteAsync("ALTER ROLE guest CONNECTION LIMIT 0");
        await service.Postgres.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'usercqrs'");
        IsUnavailable(await FirstAsync(() => GetAsync("/v1/users")));
        IsUnavailable(await FirstAsync(() => PostAsync("/v1/users", Fields("Ann", NewEmail()))));

        await service.Postgres.ExecuteAsync("ALTER ROLE guest CONNECTION LIMIT -1");
        await RecoversAsync();
    }

    [Fact]
    public async Task Callers_who_hang_up_leave_no_connection_behind()
    {
        await NewUserAsync();
        for (var round = 0; round < 20; round++)
        {
            using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(round));
            await Task.WhenAll(Enumerable.Range(0, 32).Select(async i =>
            {
                try
                {
                    using var response = i % 2 == 0
                        ? await Service.Client.GetAsync(new Uri("/v1/users", UriKind.Relative), impatient.Token)
                        : await Service.Client.PostAsync(new Uri("/v1/users", UriKind.Relative), Body(Fields("Ann", NewEmail())), impatient.Token);
                }
                catch (OperationCanceledException)
                {
                    // That is what this is about.
                }
            }));
        }

        await RecoversAsync();
        var started = Stopwatch.GetTimestamp();
        while (await service.Postgres.ScalarAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'usercqrs' AND state <> 'idle'") is not 0L)
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "Connections are still at work for nobody.");
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => NewUserAsync())); // more than the pool has: none may be missing
    }

    private static void IsUnavailable(Response response)
    {
        response.IsProblem(503, "unavailable");
        Assert.Equal("1", response.Header("Retry-After"));
        Assert.DoesNotContain("Npgsql", response.Text);
    }

    // What was opened before may serve once more.
    private static async Task<Response> FirstAsync(Func<Task<Response>> ask)
    {
        var response = await ask();
        return response.Status == 503 ? response : await ask();
    }

    private async Task RecoversAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var created = await PostAsync("/v1/users", Fields("Ann", NewEmail()));
            if (created.Status == 201 && (await GetAsync("/v1/users")).Status == 200 && (await GetAsync($"/v1/users/{created.Member("id")}")).Status == 200)
                break;
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, created.Text);
            await Task.Delay(20, Cancelled);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Recovered after {Stopwatch.GetElapsedTime(started).TotalSeconds:N2} s.");
    }

    /// <summary>The service on a server that no other test needs.</summary>
    public sealed class OwnServerService : PostgresUsersService
    {
        private PostgresServer? _server;

        public PostgresServer Postgres => _server!;

        protected override async Task<string> NewDatabaseAsync()
        {
            _server = await PostgresServer.StartNewAsync();
            await _server.ExecuteAsync("CREATE ROLE guest LOGIN");
            await _server.ExecuteAsync("CREATE DATABASE users OWNER guest");
            return _server.UrlOf("users").Replace("users@", "guest@", StringComparison.Ordinal);
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            if (_server is not null)
                await _server.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }
}
