using MediatR;
using UserCqrs.Application.Changes;
using UserCqrs.Application.Common;
using UserCqrs.Domain;
using UserCqrs.Infrastructure;

namespace UserCqrs.Web.Endpoints.V1.Events;

/// <summary>
/// Reads the log of changes once for all streams of this instance, while there are any, and keeps the last changes in memory. A
/// stream that is further behind reads pages of the log itself.
/// </summary>
internal sealed class ChangeBroadcast(
    IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ChangeBroadcast> logger)
    : IDisposable
{
    /// <summary>The size of the events that are kept, in octets: 8 MiB.</summary>
    private const int MaxOctets = 8 * 1024 * 1024;

    /// <summary>How many streams may read pages of the log at once.</summary>
    private const int MaxReaders = 4;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    // Streams must not take the processors from other requests. So the more there are, the more changes they get at once, and the
    // fewer changes all streams get per second. Beyond that, they lag behind the log.
    private const int MaxChangesAtOnce = 125_000; // the sum over all streams
    private const double OctetsPerSecondAndProcessor = 50e6;
    private static readonly TimeSpan PausePerStream = TimeSpan.FromMicroseconds(100);

    private readonly FaultLog _faults = new(logger, clock, "Streams of changes do not advance");
    private readonly SemaphoreSlim _readers = new(MaxReaders);
    private readonly Dictionary<string, ChangeEvent> _events = [];
    private readonly HashSet<long> _erased = []; // ids are not given again
    private readonly Lock _lock = new();
    private TaskCompletionSource _pulse = NewPulse();
    private CancellationTokenSource? _stop;
    private ChangeEvent? _oldest;
    private ChangeEvent? _newest;
    private int _octets;
    private int _streams;

    /// <summary>Completes when there may be something to do for a stream: after new changes, and after each second.</summary>
    public Task Pulse => Volatile.Read(ref _pulse).Task;

    /// <summary>Keeps this instance reading, until the stream ends and disposes of the result.</summary>
    public IDisposable Join()
    {
        lock (_lock)
        {
            if (_streams++ == 0)
            {
                _stop?.Dispose();
                _stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
                _ = RunAsync(_stop.Token);
            }
        }

        return new Membership(this);
    }

    /// <summary>Finds the event at a position, if it is kept.</summary>
    public ChangeEvent? Find(string cursor)
    {
        lock (_lock)
            return _events.GetValueOrDefault(cursor);
    }

    /// <summary>Removes the data of a user who was erased, from the events that are kept and those to come.</summary>
    public void Erase(long userId)
    {
        lock (_lock)
        {
            _erased.Add(userId);
            for (var change = _oldest; change is not null; change = change.Next)
                change.Erase(userId);
        }
    }

    /// <summary>Reads a page of the log.</summary>
    public async Task<Result<ChangePage>> ReadAsync(ListChanges query, CancellationToken cancellationToken)
    {
        await _readers.WaitAsync(cancellationToken);
        try
        {
            return await SendAsync(query, cancellationToken);
        }
        finally
        {
            _readers.Release();
        }
    }

    public void Dispose()
    {
        _readers.Dispose();
        _stop?.Dispose();
    }

    private static TaskCompletionSource NewPulse() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync(CancellationToken stop)
    {
        await using var timer = clock.CreateTimer(_ => Wake(), null, Tick, Tick);
        try
        {
            while (true)
                await AdvanceAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // the last stream has ended, or the service stops
        }
        finally
        {
            Wake();
        }
    }

    private async Task AdvanceAsync(CancellationToken stop)
    {
        try
        {
            var limit = Math.Clamp(MaxChangesAtOnce / Math.Max(1, _streams), 10, ListChanges.MaxLimit);
            var page = await SendAsync(
                new(_newest?.Cursor ?? ListChanges.Now, limit, ListChanges.MaxWait) { Stop = stop }, stop);
            var octets = Add(page, stop);
            Wake();
            var sending = TimeSpan.FromSeconds(octets / OctetsPerSecondAndProcessor / Environment.ProcessorCount);
            await Task.Delay((PausePerStream + sending) * _streams, clock, stop);
        }
        catch (Exception e) when (!stop.IsCancellationRequested) // whatever it is, streams must go on
        {
            _faults.Occurred(e.Message);
            await Task.Delay(Tick, clock, stop);
        }
    }

    private async Task<Result<ChangePage>> SendAsync(ListChanges query, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(query, cancellationToken);
    }

    private int Add(Result<ChangePage> page, CancellationToken stop)
    {
        lock (_lock)
        {
            stop.ThrowIfCancellationRequested(); // there may be a successor already
            if (page.Error is not null) // the database was restored or has failed over, so streams have to read it
            {
                Clear();
                return 0;
            }

            if (_newest is null)
                Add(new ChangeEvent(page.Value.Next));
            var octets = 0;
            foreach (var change in page.Value.Items)
            {
                if (change.Type == UserChangeType.Erased) // by another instance
                    Erase(change.UserId);
                var added = new ChangeEvent(_erased.Contains(change.UserId) ? change with { User = null } : change);
                Add(added);
                octets += added.Size;
            }

            return octets;
        }
    }

    private void Add(ChangeEvent added)
    {
        _newest?.Append(added);
        _newest = added;
        _oldest ??= added;
        _events[added.Cursor] = added;
        _octets += added.Size;
        while (_octets > MaxOctets && _oldest != _newest)
            DropOldest();
    }

    private void DropOldest()
    {
        _events.Remove(_oldest!.Cursor);
        _octets -= _oldest.Size;
        _oldest = _oldest.Drop();
    }

    private void Clear()
    {
        while (_oldest is not null)
            DropOldest();
        (_newest, _octets) = (null, 0);
    }

    private void Wake() => Interlocked.Exchange(ref _pulse, NewPulse()).TrySetResult();

    private void Leave()
    {
        lock (_lock)
        {
            if (--_streams > 0)
                return;
            Clear();
            _stop!.Cancel();
        }
    }

    private sealed class Membership(ChangeBroadcast broadcast) : IDisposable
    {
        public void Dispose() => broadcast.Leave();
    }
}
