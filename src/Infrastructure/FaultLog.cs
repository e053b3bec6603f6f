using Microsoft.Extensions.Logging;

namespace UserCqrs.Infrastructure;

/// <summary>
/// Logs a fault that may occur thousands of times a second: a warning when it begins, at most one warning with a count per
/// <see cref="Interval"/> while it lasts, and a message when it has not occurred for an interval. Each occurrence is logged at
/// level Debug.
/// </summary>
/// <param name="logger">The logger to write to.</param>
/// <param name="clock">The clock that measures intervals.</param>
/// <param name="fault">The fault, as the start of a sentence: "The database cannot be used".</param>
public sealed partial class FaultLog(ILogger logger, TimeProvider clock, string fault)
{
    /// <summary>The shortest time between two warnings while a fault lasts: one minute.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private bool _lasts;
    private int _unlogged;
    private string _lastReason = "";

    /// <summary>Records an occurrence of the fault.</summary>
    /// <param name="reason">The reason, without secrets and personal data.</param>
    public void Occurred(string reason)
    {
        LogOne(fault, reason);
        lock (_lock)
        {
            if (_lasts)
            {
                _unlogged++;
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
                count = _unlogged;
                _unlogged = 0;
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

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "{Fault}: {Reason} Further occurrences are counted and logged once a minute.")]
    private partial void LogBegin(string fault, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "{Fault}: {Count} more times in the last minute, the last time because: {Reason}")]
    private partial void LogCount(string fault, int count, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Fault}: over; it has not occurred for a minute.")]
    private partial void LogEnd(string fault);
}
