using System.Globalization;

namespace UserCqrs.Infrastructure;

/// <summary>
/// Reports the progress of work on many users, every five seconds, and its end. Reports nothing if there is no work.
/// </summary>
internal sealed class Progress(Action<string> report, string work, long total)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Reports the start and the end of one long step and, because the database says no more, that it is still going on.
    /// </summary>
    public static async Task DuringAsync(string step, Action<string> report, Func<Task> work)
    {
        report(step);
        var started = TimeProvider.System.GetTimestamp();
        await using (new Timer(_ => report($"{step}: {Elapsed(started)} so far"), null, Interval, Interval))
            await work();
        report($"{step}: done after {Elapsed(started)}");
    }

    private static string Elapsed(long started) => string.Create(
        CultureInfo.InvariantCulture, $"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:N1} s");

    private readonly long _started = TimeProvider.System.GetTimestamp();
    private TimeSpan _reported;
    private long _done;

    public void Add(long users)
    {
        if (users == 0)
            return;
        _done += users;
        var elapsed = TimeProvider.System.GetElapsedTime(_started);
        if (_done < total && elapsed - _reported < Interval)
            return;
        _reported = elapsed;
        report(string.Create(CultureInfo.InvariantCulture, $"{work}: {_done:N0} of {Math.Max(_done, total):N0} users"));
    }
}
