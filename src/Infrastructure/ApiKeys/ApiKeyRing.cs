using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.ApiKeys;

/// <summary>
/// All keys in memory, read anew when they are asked for and older than <see cref="MaxAge"/>: one that was revoked is refused within
/// three seconds, whatever happens to the database, for without it nobody is let in.
/// </summary>
public sealed class ApiKeyRing : IHostedService
{
    /// <summary>How old keys may be before they are read again.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    /// <summary>How long that may take. Whoever waited for it has keys that are as old.</summary>
    private static readonly TimeSpan MaxReadTime = TimeSpan.FromSeconds(2);

    private readonly ApiKeyStore _store;
    private readonly TimeProvider _clock;
    private readonly TroubleLog _lastUseLost;
    private readonly Lock _lock = new();
    private volatile Keys? _keys;
    private Task<Keys>? _reading;
    private Task _keeping = Task.CompletedTask;
    private volatile bool _hadAny;

    internal ApiKeyRing(ApiKeyStore store, TimeProvider clock, ILogger<ApiKeyRing> logger) =>
        (_store, _clock, _lastUseLost) = (store, clock, new(logger, clock, "The last use of API keys cannot be recorded"));

    /// <summary>
    /// Whether there is any key, or was while this process ran, were it one that is good no more: who once had keys is not open to
    /// everyone again.
    /// </summary>
    public async ValueTask<bool> HasAnyAsync(CancellationToken cancellationToken) =>
        _hadAny || (await CurrentAsync(cancellationToken)).ById.Count > 0;

    /// <summary>The key that a token proves, or why it proves none.</summary>
    public async ValueTask<(ApiKey? Key, string? Refusal)> FindAsync(string token, CancellationToken cancellationToken) =>
        Find(await CurrentAsync(cancellationToken), token);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends when the last uses that are being written down are.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return _keeping.WaitAsync(cancellationToken);
    }

    private (ApiKey? Key, string? Refusal) Find(Keys keys, ReadOnlySpan<char> token)
    {
        if (!ApiKeyToken.IsWellFormed(token))
            return (null, "The key is malformed: it is mistyped or cut off.");
        Span<byte> hash = stackalloc byte[32];
        ApiKeyToken.Hash(token, hash);
        if (!keys.ById.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(ApiKeyToken.IdOf(token), out var entry)
            || !CryptographicOperations.FixedTimeEquals(entry.Key.Hash, hash))
            return (null, "The key is not known.");

        var now = _clock.GetUtcNow();
        if (entry.Key.RevokedAt is not null)
            return (null, "The key was revoked.");
        if (entry.Key.ExpiresAt <= now)
            return (null, "The key has expired.");
        if (entry.MarksUse(now))
            KeepLastUse(entry.Key.Id, now);
        return (entry.Key, null);
    }

    private ValueTask<Keys> CurrentAsync(CancellationToken cancellationToken)
    {
        if (_keys is { } keys && _clock.GetElapsedTime(keys.AskedAt) < MaxAge)
            return new(keys);
        lock (_lock)
        {
            if (_reading is not { IsCompleted: false }) // one at a time, however many ask
                _reading = StartReading();
            return new(_reading.WaitAsync(cancellationToken));
        }
    }

    // The callers that waited go on side by side. A plain task would resume them on its own thread, one after the other.
    private Task<Keys> StartReading()
    {
        var reading = new TaskCompletionSource<Keys>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task.Run(ReadAsync, CancellationToken.None).ContinueWith(reading.SetFromTask, TaskScheduler.Default);
        return reading.Task;
    }

    private async Task<Keys> ReadAsync()
    {
        var askedAt = _clock.GetTimestamp();
        using var bound = new CancellationTokenSource(MaxReadTime);
        try
        {
            var keys = await _store.ListAsync(bound.Token);
            if (keys.Count > 0)
                _hadAny = true;
            return _keys = new(askedAt, keys.ToDictionary(key => key.Id, key => new Entry(key)));
        }
        catch (OperationCanceledException e)
        {
            throw new DatabaseUnavailableException("The keys did not come in time.", e);
        }
    }

    private void KeepLastUse(string id, DateTimeOffset now)
    {
        lock (_lock)
            _keeping = Task.WhenAll(_keeping, Task.Run(() => KeepLastUseAsync(id, now), CancellationToken.None));
    }

    private async Task KeepLastUseAsync(string id, DateTimeOffset now)
    {
        try
        {
            await _store.MarkUsedAsync(id, now, CancellationToken.None);
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            _lastUseLost.Occurred($"key {id}: {e.Message}");
        }
    }

    private sealed record Keys(long AskedAt, Dictionary<string, Entry> ById);

    private sealed class Entry(ApiKey key)
    {
        private long _lastUsedTicks = key.LastUsedAt?.UtcTicks ?? 0;

        public ApiKey Key { get; } = key;

        /// <summary>Whether this use is the one to be written down.</summary>
        public bool MarksUse(DateTimeOffset now)
        {
            var last = Volatile.Read(ref _lastUsedTicks);
            return now.UtcTicks - last >= ApiKeyStore.LastUsedPrecision.Ticks
                && Interlocked.CompareExchange(ref _lastUsedTicks, now.UtcTicks, last) == last;
        }
    }
}
