using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using UserCqrs.Application.ApiKeys;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.ApiKeys;

/// <summary>
/// All API keys, in memory. They are read again when a request finds them older than <see cref="MaxAge"/>. A revoked key is
/// rejected within 3 seconds, even if the database fails: if the keys cannot be read, no caller is admitted.
/// </summary>
public sealed partial class ApiKeyRing : IHostedService
{
    /// <summary>The age at which the keys are read again: one second.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    /// <summary>How long a read of the keys may take. Callers that waited for it get keys of that age.</summary>
    private static readonly TimeSpan MaxReadTime = TimeSpan.FromSeconds(2);

    private readonly IApiKeyStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly FaultLog _lastUseLost;
    private readonly Lock _lock = new();
    private volatile Keys? _keys;
    private Task<Keys>? _reading;
    private readonly Dictionary<string, DateTimeOffset> _unrecorded = [];
    private Task _recording = Task.CompletedTask;
    private bool _isRecording;
    private volatile bool _hadAny;

    internal ApiKeyRing(IApiKeyStore store, TimeProvider clock, ILogger<ApiKeyRing> logger) =>
        (_store, _clock, _logger, _lastUseLost) =
            (store, clock, logger, new(logger, clock, "The last use of API keys cannot be recorded"));

    /// <summary>
    /// True once any key, even a revoked or expired one, has been seen by this process: a service that had keys never reopens.
    /// </summary>
    public async ValueTask<bool> HasAnyAsync(CancellationToken cancellationToken) =>
        _hadAny || (await CurrentAsync(cancellationToken)).ById.Count > 0;

    /// <summary>Finds the key of a token, or returns the reason why the token is not valid.</summary>
    public async ValueTask<(ApiKey? Key, string? Error)> FindAsync(string token, CancellationToken cancellationToken) =>
        Find(await CurrentAsync(cancellationToken), token);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Completes when pending last-used times have been written.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return _recording.WaitAsync(cancellationToken);
    }

    private (ApiKey? Key, string? Error) Find(Keys keys, ReadOnlySpan<char> token)
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
            return (null, $"The key {entry.Key.Id} was revoked.");
        if (entry.Key.ExpiresAt <= now)
            return (null, $"The key {entry.Key.Id} has expired.");
        if (entry.MarksUse(now))
            RecordLastUse(entry.Key.Id, now);
        return (entry.Key, null);
    }

    private ValueTask<Keys> CurrentAsync(CancellationToken cancellationToken)
    {
        if (_keys is { } keys && _clock.GetElapsedTime(keys.AskedAt) < MaxAge)
            return new(keys);
        lock (_lock)
        {
            if (_reading is not { IsCompleted: false }) // one read at a time, shared by all callers that wait
                _reading = StartReading();
            return new(_reading.WaitAsync(cancellationToken));
        }
    }

    // Resumes waiting callers in parallel. The task itself would resume them on its own thread, one after the other.
    private Task<Keys> StartReading()
    {
        var reading = new TaskCompletionSource<Keys>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task.Run(ReadAsync, CancellationToken.None).ContinueWith(reading.SetFromTask, TaskScheduler.Default);
        return reading.Task;
    }

    private async Task<Keys> ReadAsync()
    {
        var askedAt = _clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(MaxReadTime);
        try
        {
            var keys = await _store.ListAsync(timeout.Token);
            if (keys.Count > 0)
                _hadAny = true;
            var known = _keys?.ById;
            if (known is not null)
                LogChanges(known, keys);
            return _keys = new(
                askedAt, keys.ToDictionary(key => key.Id, key => new Entry(key, known?.GetValueOrDefault(key.Id))));
        }
        catch (OperationCanceledException e)
        {
            throw new DatabaseUnavailableException("The API keys could not be read in time.", e);
        }
    }

    private void LogChanges(Dictionary<string, Entry> known, IReadOnlyList<ApiKey> keys)
    {
        foreach (var key in keys)
        {
            var former = known.GetValueOrDefault(key.Id)?.Key;
            if (former is null)
            {
                var scopes = string.Join(", ", key.Scopes);
                LogCreated(key.Id, scopes, key.ExpiresAt ?? (object)"never");
            }

            if (key.RevokedAt is not null && former?.RevokedAt is null)
                LogRevoked(key.Id);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "API key {Id} was created with {Scopes}; expires: {ExpiresAt}")]
    private partial void LogCreated(string id, string scopes, object expiresAt);

    [LoggerMessage(Level = LogLevel.Information, Message = "API key {Id} was revoked")]
    private partial void LogRevoked(string id);

    // One write at a time, however many keys are in use: slow writes must not take the connections and threads that are needed to
    // read the keys.
    private void RecordLastUse(string id, DateTimeOffset now)
    {
        lock (_lock)
        {
            _unrecorded[id] = now;
            if (_isRecording)
                return;
            _isRecording = true;
            _recording = Task.Run(RecordLastUsesAsync, CancellationToken.None);
        }
    }

    private async Task RecordLastUsesAsync()
    {
        while (TakeUnrecorded() is var (id, now))
        {
            try
            {
                await _store.MarkUsedAsync(id, now, CancellationToken.None);
            }
            catch (Exception e) // whatever it is, the next use must be recorded
            {
                _lastUseLost.Occurred($"key {id}: {e.Message}");
            }
        }
    }

    private (string Id, DateTimeOffset Now)? TakeUnrecorded()
    {
        lock (_lock)
        {
            foreach (var (id, now) in _unrecorded)
            {
                _unrecorded.Remove(id);
                return (id, now);
            }

            _isRecording = false;
            return null;
        }
    }

    private sealed record Keys(long AskedAt, Dictionary<string, Entry> ById);

    /// <param name="key">The stored key.</param>
    /// <param name="former">The previous entry of the key. It may know of a use that has not been stored yet.</param>
    private sealed class Entry(ApiKey key, Entry? former)
    {
        private long _lastUsedTicks = Math.Max(key.LastUsedAt?.UtcTicks ?? 0, former?._lastUsedTicks ?? 0);

        public ApiKey Key { get; } = key;

        /// <summary>Whether this use must be recorded, because the last recorded one is old enough.</summary>
        public bool MarksUse(DateTimeOffset now)
        {
            var last = Volatile.Read(ref _lastUsedTicks);
            return now.UtcTicks - last >= ApiKey.LastUsedPrecision.Ticks
                && Interlocked.CompareExchange(ref _lastUsedTicks, now.UtcTicks, last) == last;
        }
    }
}
