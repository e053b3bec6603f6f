using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using UserCqrs.Application.ApiKeys;
using UserCqrs.Application.Common;
using UserCqrs.Domain;
using UserCqrs.Infrastructure.ApiKeys;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.UnitTests.Infrastructure.ApiKeys;

public sealed class ApiKeyRingTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 7, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("usercqrs-");
    private readonly TimeProvider _clock = Substitute.For<TimeProvider>();
    private readonly SqliteApiKeyStore _store;
    private readonly ApiKeyRing _ring;

    public ApiKeyRingTests()
    {
        _clock.TimestampFrequency.Returns(TimeSpan.TicksPerSecond);
        PassTo(Start);
        _store = new(new SqliteLocation(DatabaseFile));
        _ring = new(_store, _clock, NullLogger<ApiKeyRing>.Instance);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string DatabaseFile => Path.Combine(_folder.FullName, "users.db");

    public async ValueTask DisposeAsync()
    {
        await _ring.StopAsync(CancellationToken.None);
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Without_a_file_there_are_no_keys_and_none_is_made()
    {
        Assert.False(await _ring.HasAnyAsync(Cancelled));
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task An_error_while_a_use_is_recorded_does_not_end_the_recording()
    {
        var (key, token) = ApiKey.Create("billing", [Scope.Read], Start, lifetime: null);
        var store = Substitute.For<IApiKeyStore>();
        store.ListAsync(Cancelled).ReturnsForAnyArgs([key]);
        store.MarkUsedAsync("", default, Cancelled).ReturnsForAnyArgs(Task.FromException(new InvalidOperationException()), Task.CompletedTask);
        var ring = new ApiKeyRing(store, _clock, NullLogger<ApiKeyRing>.Instance);

        await ring.FindAsync(token, Cancelled);
        await ring.StopAsync(Cancelled);
        PassTo(Start + TimeSpan.FromMinutes(2));
        await ring.FindAsync(token, Cancelled);
        await ring.StopAsync(Cancelled);

        await store.ReceivedWithAnyArgs(2).MarkUsedAsync("", default, Cancelled);
    }

    [Fact(Timeout = 60_000)]
    public async Task Callers_that_waited_for_the_same_read_go_on_side_by_side()
    {
        const int callers = 2;
        using var all = new CountdownEvent(callers);
        using var start = new Barrier(callers);
        var waiting = Enumerable.Range(0, callers).Select(_ => Task.Factory.StartNew(CallAsync, Cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap());

        Assert.All(await Task.WhenAll(waiting), Assert.True);

        async Task<bool> CallAsync()
        {
            start.SignalAndWait(Cancelled);
            await _ring.HasAnyAsync(Cancelled).ConfigureAwait(false);
            all.Signal();
            return all.Wait(TimeSpan.FromSeconds(30), Cancelled);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_database_that_is_slow_to_write_gets_one_last_use_at_a_time_and_each_once()
    {
        var tokens = new List<string>();
        for (var i = 0; i < 5; i++)
            tokens.Add(await AddAsync("users:read"));
        var slow = new SlowToWrite(new SqliteLocation(DatabaseFile));
        var ring = new ApiKeyRing(slow, _clock, NullLogger<ApiKeyRing>.Instance);

        foreach (var reread in (bool[])[false, true])
        {
            if (reread)
                PassTo(Start + 2 * ApiKeyRing.MaxAge);
            foreach (var token in tokens)
                Assert.NotNull((await ring.FindAsync(token, Cancelled)).Key);
        }

        await slow.Begun.WaitAsync(Cancelled);
        Assert.Equal(0, slow.Begun.CurrentCount); // no second one beside the first
        slow.Writes.SetResult();
        await ring.StopAsync(Cancelled);
        Assert.Equal(tokens.Count - 1, slow.Begun.CurrentCount);
        Assert.All(await _store.ListAsync(Cancelled), key => Assert.Equal(Start, key.LastUsedAt));
    }

    [Fact]
    public async Task Finds_the_key_that_a_token_proves()
    {
        var token = await AddAsync("users:read", "users:write");

        var (key, error) = await _ring.FindAsync(token, Cancelled);

        Assert.Null(error);
        Assert.Equal(("billing", Start), (key!.Name, key.CreatedAt));
        Assert.Equal(["users:read", "users:write"], key.Scopes);
    }

    [Fact]
    public async Task The_right_id_with_another_secret_proves_nothing()
    {
        var (key, token) = ApiKey.Create("billing", ["users:read"], Start, null);
        key.Hash[31] ^= 1;
        await _store.AddAsync(key, Cancelled);

        Assert.Equal((null, "The key is not known."), await _ring.FindAsync(token, Cancelled));
    }

    [Fact]
    public async Task A_key_expires_to_the_moment()
    {
        var token = await AddAsync(TimeSpan.FromDays(1), "users:read");

        PassTo(Start.AddDays(1).AddTicks(-1));
        Assert.NotNull((await _ring.FindAsync(token, Cancelled)).Key);
        PassTo(Start.AddDays(1));
        Assert.Equal((null, $"The key {ApiKeyToken.IdOf(token)} has expired."), await _ring.FindAsync(token, Cancelled));
    }

    [Fact]
    public async Task A_key_that_was_revoked_is_refused_within_a_second_and_stays_revoked_since_then()
    {
        var token = await AddAsync("users:read");
        Assert.NotNull((await _ring.FindAsync(token, Cancelled)).Key);
        var id = ApiKeyToken.IdOf(token).ToString();

        Assert.True(await _store.RevokeAsync(id, Start, Cancelled));
        Assert.True(await _store.RevokeAsync(id, Start.AddDays(1), Cancelled));

        PassTo(Start + ApiKeyRing.MaxAge);
        Assert.Equal((null, $"The key {id} was revoked."), await _ring.FindAsync(token, Cancelled));
        Assert.Equal(Start, Assert.Single(await _store.ListAsync(Cancelled)).RevokedAt);
        Assert.True(await _ring.HasAnyAsync(Cancelled)); // the service is not open again
        Assert.False(await _store.RevokeAsync("unknown0", Start, Cancelled));
    }

    [Fact]
    public async Task When_keys_cannot_be_read_nobody_is_let_in()
    {
        var token = await AddAsync("users:read");
        Assert.NotNull((await _ring.FindAsync(token, Cancelled)).Key);
        await _ring.StopAsync(Cancelled);
        await File.WriteAllTextAsync($"{DatabaseFile}.keys", new string('x', 4096), Cancelled);

        PassTo(Start + ApiKeyRing.MaxAge);
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => _ring.FindAsync(token, Cancelled).AsTask());
    }

    [Fact]
    public async Task Keys_that_are_lost_while_it_runs_do_not_open_the_service()
    {
        var token = await AddAsync("users:read");
        Assert.NotNull((await _ring.FindAsync(token, Cancelled)).Key);
        await _ring.StopAsync(Cancelled);
        File.Delete($"{DatabaseFile}.keys");

        PassTo(Start + ApiKeyRing.MaxAge);
        Assert.Equal((null, "The key is not known."), await _ring.FindAsync(token, Cancelled));
        Assert.True(await _ring.HasAnyAsync(Cancelled));
    }

    [Fact]
    public async Task The_last_use_is_kept_once_a_minute()
    {
        var token = await AddAsync("users:read");
        var kept = new List<DateTimeOffset?>();
        foreach (var second in (int[])[0, 1, 30, 59, 60, 61, 119, 120])
        {
            PassTo(Start.AddSeconds(second));
            Assert.NotNull((await _ring.FindAsync(token, Cancelled)).Key);
            await _ring.StopAsync(Cancelled); // it is written beside the request, not before its answer
            kept.Add(Assert.Single(await _store.ListAsync(Cancelled)).LastUsedAt);
        }

        Assert.Equal((int[])[0, 0, 0, 0, 60, 60, 60, 120], kept.Select(time => (int)(time!.Value - Start).TotalSeconds));
    }

    private Task<string> AddAsync(params string[] scopes) => AddAsync(null, scopes);

    private async Task<string> AddAsync(TimeSpan? lifetime, params string[] scopes)
    {
        var (key, token) = ApiKey.Create("billing", scopes, Start, lifetime);
        await _store.AddAsync(key, Cancelled);
        return token;
    }

    private void PassTo(DateTimeOffset now)
    {
        _clock.GetUtcNow().Returns(now);
        _clock.GetTimestamp().Returns(now.UtcTicks);
    }

    /// <summary>A store whose writes wait until they are let through.</summary>
    private sealed class SlowToWrite(SqliteLocation location) : ApiKeyStore
    {
        public SemaphoreSlim Begun { get; } = new(0);

        public TaskCompletionSource Writes { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task<DbConnection?> OpenAsync(bool writes, CancellationToken cancellationToken)
        {
            if (writes)
            {
                Begun.Release();
                await Writes.Task;
            }

            var connection = new SqliteConnection($"Data Source={location.File}.keys;Pooling=False");
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
    }
}
