using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using UserCqrs.Application.ApiKeys;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Processes;

namespace UserCqrs.IntegrationTests.Postgres;

/// <summary>Two instances of the service on one database, started together on an empty one.</summary>
public sealed class SeveralInstancesTests : ProcessTests, IClassFixture<SeveralInstancesTests.Pair>
{
    private const int Racers = 64;

    private static readonly int Rounds = Size.Of("IDEMPOTENCY_ROUNDS", 10);

    private readonly Pair _pair;

    public SeveralInstancesTests(Pair pair)
    {
        SharedPostgres.SkipIfMissing();
        _pair = pair;
    }

    [Fact]
    public async Task Of_many_who_ask_two_instances_for_one_email_exactly_one_gets_it()
    {
        var email = NewEmail();
        var responses = await Task.WhenAll(Enumerable.Range(0, Racers).Select(racer =>
            _pair[racer].PostAsJsonAsync("/v1/users", new { name = $"Racer {racer}", email }, Cancelled)));

        Assert.Equal(1, responses.Count(response => response.StatusCode == HttpStatusCode.Created));
        Assert.Equal(Racers - 1, responses.Count(response => response.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Of_many_who_replace_one_version_at_two_instances_exactly_one_goes_ahead()
    {
        var email = NewEmail();
        var id = await CreateAsync(_pair[0], "Ann", email);
        var responses = await Task.WhenAll(Enumerable.Range(0, Racers).Select(async racer =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/users/{id}")
            {
                Content = JsonContent.Create(new { name = $"Racer {racer}", email }),
                Headers = { IfMatch = { new EntityTagHeaderValue("\"1\"") } },
            };
            return await _pair[racer].SendAsync(request, Cancelled);
        }));

        Assert.Equal(1, responses.Count(response => response.StatusCode == HttpStatusCode.OK));
        Assert.Equal(Racers - 1, responses.Count(response => response.StatusCode == HttpStatusCode.PreconditionFailed));
    }

    [Fact]
    public async Task No_change_of_many_at_two_instances_is_lost()
    {
        var id = await CreateAsync(_pair[0], "Ann", NewEmail());
        var responses = await Task.WhenAll(Enumerable.Range(0, Racers).Select(racer => _pair[racer].PatchAsync(
            $"/v1/users/{id}", JsonContent.Create(new { name = $"Racer {racer}" }, MergePatch), Cancelled)));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(Racers, responses.Select(response => response.Headers.ETag).Distinct().Count());
    }

    [Fact(SizedBy = "IDEMPOTENCY_ROUNDS")]
    public async Task Of_many_who_send_one_request_with_one_key_to_two_instances_one_stores_the_user_and_all_get_the_same_response()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (key, user) = ($"{Guid.NewGuid()}", new { name = "Ann", email = NewEmail() });

            var responses = await Task.WhenAll(Enumerable.Range(0, 32).Select(async racer =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/users")
                {
                    Content = JsonContent.Create(user),
                    Headers = { { "Idempotency-Key", key } },
                };
                using var response = await _pair[racer].SendAsync(request, Cancelled);
                return (response.StatusCode, Body: await response.Content.ReadAsStringAsync(Cancelled), response.Headers.Location,
                    response.Headers.ETag);
            }));

            Assert.Equal(HttpStatusCode.Created, Assert.Single(responses.Distinct()).StatusCode);
        }
    }

    [Theory]
    [InlineData("each")]
    [InlineData("atomic")]
    public async Task An_import_changes_users_whom_others_change_meanwhile(string mode)
    {
        const int count = 600;
        var tag = $"{Guid.NewGuid():N}";
        await ImportAsync(0, "each", Lines(tag, "Ann", Enumerable.Range(0, count)));
        var found = await _pair[0].GetFromJsonAsync<JsonElement>($"/v1/users?email={count / 2}@{tag}.example", Cancelled);
        var user = new Uri($"/v1/users/{found.GetProperty("items")[0].GetProperty("id")}", UriKind.Relative);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var changing = Task.WhenAll(Enumerable.Range(0, 4).Select(async racer =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                using var changed = await _pair[racer].PatchAsync(user, JsonContent.Create(new { name = $"{racer} {i}" }, MergePatch), Cancelled);
                Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
            }
        }));

        for (var round = 0; round < 3; round++)
            Assert.Equal(count, (await ImportAsync(round, mode, Lines(tag, $"Bob {round}", Enumerable.Range(0, count)))).GetProperty("updated").GetInt32());

        await stop.CancelAsync();
        await changing;
    }

    [Fact]
    public async Task Atomic_imports_of_the_same_users_in_another_order_take_turns()
    {
        var tag = $"{Guid.NewGuid():N}";

        var totals = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => ImportAsync(
            i, "atomic", Lines(tag, $"Ann {i}", i % 2 == 0 ? Enumerable.Range(0, 500) : Enumerable.Range(0, 500).Reverse()))));

        Assert.Equal((500, 1_500), (totals.Sum(it => it.GetProperty("created").GetInt32()), totals.Sum(it => it.GetProperty("updated").GetInt32())));
    }

    [Fact]
    public async Task A_key_that_is_in_use_for_long_is_refused_for_now()
    {
        var key = $"{Guid.NewGuid()}";
        await using var other = new NpgsqlConnection($"Host=127.0.0.1;Port={(await SharedPostgres.GetAsync()).Port};Username=users;Database={new Uri(_pair.DatabaseUrl).AbsolutePath[1..]};Pooling=false");
        await other.OpenAsync(Cancelled);
        await using (await other.BeginTransactionAsync(Cancelled))
        {
            await using var claim = new NpgsqlCommand("INSERT INTO idempotency_keys (caller, key, fingerprint, result, expires_at) VALUES ('', $1, '', '', 9999999999)", other)
            {
                Parameters = { new() { Value = key } },
            };
            await claim.ExecuteNonQueryAsync(Cancelled);

            var (status, text) = await CreateAsync();
            Assert.True(status == HttpStatusCode.Conflict && text.Contains("/problems/idempotency-key-in-use", StringComparison.Ordinal), text);
        }

        Assert.Equal(HttpStatusCode.Created, (await CreateAsync()).Status);

        async Task<(HttpStatusCode Status, string Text)> CreateAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/users") { Content = JsonContent.Create(new { name = "Ann", email = NewEmail() }) };
            request.Headers.Add("Idempotency-Key", key);
            using var response = await _pair[0].SendAsync(request, Cancelled);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled));
        }
    }

    private static string Lines(string tag, string name, IEnumerable<int> numbers) => string.Concat(numbers.Select(number =>
        $$"""{"name":"{{name}}","email":"{{number}}@{{tag}}.example"}""" + "\n"));

    /// <returns>The totals.</returns>
    private async Task<JsonElement> ImportAsync(int instance, string mode, string lines)
    {
        using var content = new StringContent(lines, new MediaTypeHeaderValue("application/x-ndjson"));
        using var response = await _pair[instance].PostAsync(new Uri($"/v1/users/import?mode={mode}&onConflict=update", UriKind.Relative), content, Cancelled);
        var text = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonElement.Parse(text.TrimEnd().Split('\n')[^1]);
    }

    [Fact]
    public async Task What_one_instance_acknowledged_the_other_shows()
    {
        for (var i = 0; i < 50; i++)
        {
            var id = await CreateAsync(_pair[i], $"Ann {i}", NewEmail());
            var user = await _pair[i + 1].GetFromJsonAsync<JsonElement>($"/v1/users/{id}", Cancelled);
            Assert.Equal($"Ann {i}", user.GetProperty("name").GetString());
            using var deleted = await _pair[i + 1].DeleteAsync(new Uri($"/v1/users/{id}", UriKind.Relative), Cancelled);
            using var gone = await _pair[i].GetAsync(new Uri($"/v1/users/{id}", UriKind.Relative), Cancelled);
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        }
    }

    [Fact]
    public async Task A_key_is_revoked_in_two_instances_within_5_seconds()
    {
        await using var pair = new Pair(); // with a key there, callers without one are refused
        await pair.InitializeAsync();
        var key = await ApiKeys.CreateAsync(SettingsOf(pair.DatabaseUrl));
        foreach (var client in (HttpClient[])[pair[0], pair[1]])
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Token);
            await BecomesAsync(client, HttpStatusCode.OK);
        }

        await ApiKeys.SendAsync(SettingsOf(pair.DatabaseUrl), new RevokeApiKey(key.Id));

        await Task.WhenAll(BecomesAsync(pair[0], HttpStatusCode.Unauthorized), BecomesAsync(pair[1], HttpStatusCode.Unauthorized));
    }

    private static async Task BecomesAsync(HttpClient client, HttpStatusCode status)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        while ((await client.GetAsync("/v1/users", patience.Token)).StatusCode != status)
            await Task.Delay(50, patience.Token);
    }

    private static string NewEmail() => $"{Guid.NewGuid():N}@example.org";

    /// <summary>The two instances.</summary>
    public sealed class Pair : IAsyncLifetime
    {
        private AnyUsersService[] _services = [];

        public string DatabaseUrl { get; private set; } = "";

        public HttpClient this[int i] => _services[i % 2].Client;

        public async ValueTask InitializeAsync()
        {
            if (PostgresServer.Missing is not null)
                return; // the tests say so, one by one
            DatabaseUrl = await (await SharedPostgres.GetAsync()).CreateDatabaseAsync();
            _services = await Task.WhenAll(AnyUsersService.StartAsync(DatabaseUrl), AnyUsersService.StartAsync(DatabaseUrl));
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var service in _services)
                await service.DisposeAsync();
        }
    }
}
