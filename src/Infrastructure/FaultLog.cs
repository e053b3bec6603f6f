using Microsoft.Extensions.Logging;

namespace UserCqrs.Infrastructure;

/// <summary>
/// Logs a fault that may occur thousands of times a second: a warning when it begins, at most one each <see cref="Interval"/>
/// with a count while it lasts, and a line when it has not occurred for as long. Each occurrence is logged at the level Debug.
/// </summary>
/// <param name="logger">Where to.</param>
/// <param name="clock">Tells when an interval is over.</param>
/// <param name="fault">What is wrong, as the start of a sentence: "The database cannot be used".</param>
public sealed partial class FaultLog(ILogger logger, TimeProvider clock, string fault)
{
    /// <summary>The least time between two warnings of a fault that lasts: one minute.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private bool _lasts;
    private int _unsaid;
    private string _lastReason = "";

    /// <summary>The fault has occurred.</summary>
    /// <param name="reason">Why; no secrets and no personal data.</param>
    public void Occurred(string reason)
    {
        LogOne(fault, reason);
        lock (_lock)
        {
            if (_lasts)
            {
                _unsaid++;
                _lastReason = reason;
                return;
            }

            _lasts = true;
        }

        LogBegin(fault, reason);
        _ = WatchAsync();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync())
        {
            int count;
            lock (_lock)
            {
                count = _unsaid;
                _unsaid = 0;
                _lasts = count > 0;
            }

            if (count == 0)
            {
                LogEnd(fault);
                return;
            }

            LogCount(fault, count, _lastReason);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Fault}: {Reason}")]
    private partial void LogOne(string fault, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Fault}: {Reason} More of this is counted and logged once a minute.")]
    private partial void LogBegin(string fault, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Fault}: {Count} more times in the last minute, the last time because: {Reason}")]
    private partial void LogCount(string fault, int count, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Fault}: this is over; it has not occurred for a minute.")]
    private partial void LogEnd(string fault);
}
