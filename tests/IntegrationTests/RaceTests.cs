using System.Text.Json;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests;

public abstract class RaceTests(UsersService service) : HttpTests(service)
{
    private const int Racers = 64;

    [Fact]
    public async Task Of_many_who_ask_for_one_email_exactly_one_gets_it()
    {
        var email = NewEmail();
        var responses = await Task.WhenAll(Enumerable.Range(0, Racers).Select(racer =>
            PostAsync("/v1/users", Fields($"Racer {racer}", Recase(email, racer)))));

        Assert.Equal(1, responses.Count(response => response.Status == 201));
        Assert.Equal(Racers - 1, responses.Count(response => response.Status == 409));
        Assert.Single((await GetAsync($"/v1/users?email={email}")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Of_many_who_replace_one_version_exactly_one_goes_ahead()
    {
        var user = await NewUserAsync();
        var responses = await Task.WhenAll(Enumerable.Range(0, Racers).Select(racer =>
            PutAsync(user.Path, Fields($"Racer {racer}", user.Email), user.ETag)));

        var winner = Assert.Single(responses, response => response.Status == 200);
        Assert.Equal(Racers - 1, responses.Count(response => response.Status == 412));
        Assert.Equal(UserSeen.In(winner), UserSeen.In(await GetAsync(user.Path)));
        Assert.Equal("\"2\"", winner.ETag);
    }

    [Fact]
    public async Task Of_many_who_patch_without_a_version_all_go_ahead_one_after_the_other()
    {
        var user = await NewUserAsync();
        var responses = await Task.WhenAll(Enumerable.Range(0, Racers).Select(racer =>
            PatchAsync(user.Path, $$"""{"name":"Racer {{racer}}"}""")));

        Assert.All(responses, response => Assert.Equal(200, response.Status));
        Assert.Equal(
            Enumerable.Range(2, Racers).Select(version => $"\"{version}\"").Order(),
            responses.Select(response => response.ETag).Order());
        Assert.Equal(Racers, responses.Select(response => response.Member("updatedAt")).Distinct().Count());
    }

    [Fact]
    public async Task Of_many_who_put_one_external_id_one_creates_the_user_and_all_others_replace_it()
    {
        var (path, email) = ($"/v1/users/by-external-id/{Guid.NewGuid():N}", NewEmail());
        var responses = await Task.WhenAll(Enumerable.Range(0, Racers).Select(racer =>
            PutAsync(path, Fields($"Racer {racer}", email), null)));

        var created = Assert.Single(responses, response => response.Status == 201);
        Assert.Equal(Racers - 1, responses.Count(response => response.Status == 200));
        Assert.Equal(created.Member("id"), Assert.Single(responses.Select(response => response.Member("id")).Distinct()));
        Assert.Equal($"\"{Racers}\"", (await GetAsync(path)).ETag);
    }

    [Fact]
    public async Task Of_many_users_that_ask_for_one_external_id_exactly_one_gets_it()
    {
        var users = new List<UserSeen>();
        for (var racer = 0; racer < Racers / 2; racer++)
            users.Add(await NewUserAsync());
        var externalId = $"{Guid.NewGuid():N}";

        var responses = await Task.WhenAll(users.Select(user => PatchAsync(user.Path, $$"""{"externalId":"{{externalId}}"}"""))
            .Concat(users.Select(_ => PostAsync("/v1/users", $$"""{{Fields("Racer", NewEmail())[..^1]}},"externalId":"{{externalId}}"}"""))));

        var winner = Assert.Single(responses, response => response.Status is 200 or 201);
        Assert.Equal(Racers - 1, responses.Count(response => response.Status == 409));
        Assert.Equal(winner.Member("id"), (await GetAsync($"/v1/users/by-external-id/{externalId}")).Member("id"));
    }

    [Fact]
    public async Task Of_many_who_patch_different_attributes_without_a_version_none_is_lost()
    {
        var user = await NewUserAsync();
        var responses = await Task.WhenAll(Enumerable.Range(0, Racers).Select(racer =>
            PatchAsync(user.Path, $$$"""{"attributes":{"a{{{racer}}}":{{{racer}}}}}""")));

        Assert.All(responses, response => Assert.Equal(200, response.Status));
        Assert.Equal(
            Enumerable.Range(0, Racers).Select(racer => ($"a{racer}", $"{racer}")).Order(),
            (await GetAsync(user.Path)).Json.GetProperty("attributes").EnumerateObject()
                .Select(attribute => (attribute.Name, attribute.Value.GetRawText())).Order());
    }

    [Fact]
    public async Task Of_many_who_delete_one_user_exactly_one_does()
    {
        var user = await NewUserAsync();
        var responses = await Task.WhenAll(Enumerable.Range(0, Racers).Select(_ => DeleteAsync(user.Path)));

        Assert.Equal(1, responses.Count(response => response.Status == 204));
        Assert.Equal(Racers - 1, responses.Count(response => response.Status == 404));
    }

    [Fact]
    public async Task Callers_who_hang_up_strand_nobody()
    {
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var responses = new List<Task<Response>>();
        var hungUp = new List<Task>();
        for (var racer = 0; racer < Racers; racer++)
        {
            responses.Add(PostAsync("/v1/users", Fields("Patient", NewEmail())));
            hungUp.Add(Service.Client.PostAsync("/v1/users", Body(Fields("Hasty", NewEmail())), hangUp.Token));
        }

        await Task.WhenAny(responses);
        await hangUp.CancelAsync();

        Assert.All(await Task.WhenAll(responses), response => Assert.Equal(201, response.Status));
        await Task.WhenAny(Task.WhenAll(hungUp)); // some were answered before they could hang up
        Assert.Equal(200, (await GetAsync("/v1/users")).Status);
        await NewUserAsync();
    }

    [Theory]
    [InlineData("id")]
    [InlineData("name")]
    [InlineData("-createdAt")]
    public async Task A_walk_shows_each_untouched_user_once_while_others_come_and_go(string sort)
    {
        var untouched = await NewUsersAsync(120);
        await using var writers = new Writers(this);

        var seen = new List<long>();
        for (var next = $"/v1/users?sort={sort}&limit=7"; next is not null;)
        {
            var page = await GetAsync(next);
            seen.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(Id));
            next = page.Header("Link") is { } link ? link[1..link.IndexOf('>')] : null;
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(untouched.Except(seen));
        Assert.True(await writers.StopAsync() > 0);
    }

    [Fact]
    public async Task The_classic_list_shows_each_untouched_user_once_while_others_come_and_go()
    {
        var untouched = await NewUsersAsync(1_100); // more than two batches
        await using var writers = new Writers(this);

        for (var round = 0; round < 5; round++)
        {
            var seen = (await GetAsync("/users/")).Json.EnumerateArray().Select(Id).ToList();
            Assert.Equal(seen.Order().Distinct(), seen);
            Assert.Empty(untouched.Except(seen));
        }

        Assert.True(await writers.StopAsync() > 0);
    }

    // Every other letter in the case that the racer's number says.
    private static string Recase(string email, int racer) => string.Concat(email.Select((letter, at) =>
        (racer >> (at % 6) & 1) == 1 ? char.ToUpperInvariant(letter) : letter));

    private static long Id(JsonElement user) => user.GetProperty("id").GetInt64();

    // Names tie in threes and lie anywhere among the others.
    private async Task<List<long>> NewUsersAsync(int count)
    {
        var ids = new List<long>();
        foreach (var some in Enumerable.Range(0, count).Chunk(Racers))
        {
            var name = $"{Guid.NewGuid():N}";
            var users = await Task.WhenAll(some.Select(number => NewUserAsync($"{name[(number % 3)..]}")));
            ids.AddRange(users.Select(user => user.Id));
        }

        return ids;
    }

    /// <summary>Creates and deletes users until stopped.</summary>
    private sealed class Writers : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        private readonly Task<int>[] _running;

        public Writers(RaceTests tests) => _running = [.. Enumerable.Range(0, 4).Select(_ => RunAsync(tests))];

        public async Task<int> StopAsync()
        {
            await _stop.CancelAsync();
            return (await Task.WhenAll(_running)).Sum();
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _stop.Dispose();
        }

        private async Task<int> RunAsync(RaceTests tests)
        {
            var written = 0;
            for (; !_stop.IsCancellationRequested; written++)
            {
                var first = await tests.NewUserAsync($"{Guid.NewGuid():N}");
                var second = await tests.NewUserAsync($"{Guid.NewGuid():N}");
                Assert.Equal(204, (await tests.DeleteAsync((written % 2 == 0 ? second : first).Path)).Status);
            }

            return written;
        }
    }
}
