using System.Diagnostics;
using System.Runtime.InteropServices;

namespace UserCqrs.Runner.Driving;

/// <summary>
/// Requests that arrive by the clock, whether or not the answers keep up, as users do. Each latency counts from the time
/// its request was due, so a server that stalls is charged with everyone who waits meanwhile.
/// </summary>
internal sealed partial class OpenLoop(int port, double perSecond, TimeSpan duration, Func<long, byte[]> request)
{
    private const int Connections = 64;

    private readonly long _arrivals = (long)(perSecond * duration.TotalSeconds);
    private readonly long _start = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 10;
    private long _next = -1;
    private long _failed;

    public async Task<Latencies> RunAsync(CancellationToken cancellationToken)
    {
        var workers = Enumerable.Range(0, Connections).Select(_ => Task.Factory.StartNew(
            () => Work(cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        var latencies = await Task.WhenAll(workers);
        return new([.. latencies.SelectMany(some => some).Order()], _failed);
    }

    private List<double> Work(CancellationToken cancellationToken)
    {
        var milliseconds = new List<double>();
        HttpConnection? connection = null;
        while (Interlocked.Increment(ref _next) is var i && i < _arrivals)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var due = _start + (long)(i / perSecond * Stopwatch.Frequency);
            WaitUntil(due);
            try
            {
                if (Stopwatch.GetElapsedTime(_start) > 3 * duration)
                    throw new IOException("Too late: the server does not keep up.");
                connection ??= new HttpConnection(port);
                if (connection.Send(request(i)) is < 200 or > 299)
                    Interlocked.Increment(ref _failed);
                else
                    milliseconds.Add(Stopwatch.GetElapsedTime(due).TotalMilliseconds);
            }
            catch (IOException)
            {
                Interlocked.Increment(ref _failed);
                connection?.Dispose();
                connection = null;
            }
        }

        connection?.Dispose();
        return milliseconds;
    }

    private static void WaitUntil(long due)
    {
        var microseconds = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due).TotalMicroseconds;
        if (microseconds > 0)
            _ = Sleep((uint)microseconds);
    }

    // Thread.Sleep knows whole milliseconds only.
    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Sleep(uint microseconds);
}

/// <summary>What was measured, in milliseconds, ascending.</summary>
internal sealed record Latencies(double[] Sorted, long Failed)
{
    public double At(double quantile) =>
        Sorted.Length == 0 ? double.NaN : Sorted[Math.Min(Sorted.Length - 1, (int)(quantile * Sorted.Length))];
}
