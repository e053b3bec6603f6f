namespace UserCqrs.Application.Changes;

/// <summary>Waits for changes. However many wait, one of them asks the database; while nobody waits, nobody asks.</summary>
internal sealed class ChangeTail(IChangeHorizon horizon, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private Task<long> _next = Task.FromResult(0L);

    /// <summary>Waits until the log is complete beyond an entry, and returns up to which one it is.</summary>
    public async Task<long> WaitAsync(long beyond, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await Next().WaitAsync(cancellationToken) is var id && id > beyond)
                return id;
        }
    }

    private Task<long> Next()
    {
        lock (_lock)
            return _next.IsCompleted ? _next = ReadAsync() : _next;
    }

    private async Task<long> ReadAsync()
    {
        await Task.Delay(Interval, clock);
        return await horizon.ReadAsync(CancellationToken.None); // others wait for it too
    }
}
