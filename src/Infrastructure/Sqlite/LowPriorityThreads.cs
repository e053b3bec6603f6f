using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>
/// Threads for work that keeps a core busy for long. SQLite reads on the thread of its caller; on these threads, the operating
/// system prefers every other thread of the service to it. Work that waits for a thread uses none.
/// </summary>
internal sealed class LowPriorityThreads : IDisposable
{
    private const int Niceness = 10; // 0 is that of other threads and 19 the lowest priority; see setpriority(2)

    private readonly BlockingCollection<Action> _work = [];
    private readonly SemaphoreSlim _free;

    public LowPriorityThreads(int count, string name)
    {
        _free = new(count);
        for (var i = 0; i < count; i++)
            new Thread(Run) { IsBackground = true, Name = $"{name} {i + 1}" }.Start();
    }

    /// <summary>Runs the work, which does not await anything else, as soon as a thread is free.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled before a thread was free.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            _work.Add(
                () => ExecuteAsync().ContinueWith(result.SetFromTask, TaskContinuationOptions.ExecuteSynchronously),
                CancellationToken.None);
            return await result.Task;
        }
        finally
        {
            _free.Release();
        }

        async Task<T> ExecuteAsync() => await work(); // an exception must not end the thread
    }

    public void Dispose() => _work.CompleteAdding();

    private void Run()
    {
        if (OperatingSystem.IsLinux())
            _ = SetPriority(which: 0, GetThreadId(), Niceness); // without it, the work is only less considerate
        foreach (var work in _work.GetConsumingEnumerable())
            work();
    }

    [DllImport("libc", EntryPoint = "gettid")]
    private static extern int GetThreadId();

    [DllImport("libc", EntryPoint = "setpriority")]
    private static extern int SetPriority(int which, int thread, int niceness);
}
