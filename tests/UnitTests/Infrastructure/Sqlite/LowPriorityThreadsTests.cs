using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.UnitTests.Infrastructure.Sqlite;

public sealed class LowPriorityThreadsTests : IDisposable
{
    private readonly LowPriorityThreads _threads = new(1, "Test");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _threads.Dispose();

    [Fact]
    public async Task Runs_one_piece_of_work_after_the_other_on_its_own_thread()
    {
        var names = await Task.WhenAll(Enumerable.Range(0, 10).Select(
            _ => _threads.RunAsync(() => Task.FromResult(Thread.CurrentThread.Name), Cancelled)));

        Assert.All(names, name => Assert.Equal("Test 1", name));
    }

    [Fact]
    public async Task Goes_on_elsewhere_when_the_work_is_done()
    {
        await _threads.RunAsync(() => Task.FromResult(1), Cancelled);

        Assert.NotEqual("Test 1", Thread.CurrentThread.Name);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Survives_work_that_fails(bool throwsAtOnce)
    {
        Func<Task<int>> work = throwsAtOnce
            ? () => throw new InvalidOperationException("no")
            : () => Task.FromException<int>(new InvalidOperationException("no"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => _threads.RunAsync(work, Cancelled));

        Assert.Equal(1, await _threads.RunAsync(() => Task.FromResult(1), Cancelled));
    }

    [Fact]
    public async Task Who_is_cancelled_while_waiting_takes_no_turn()
    {
        using var blocked = new ManualResetEventSlim();
        var first = _threads.RunAsync(() => Task.FromResult(blocked.Wait(TimeSpan.FromSeconds(30), Cancelled)), Cancelled);
        using var cancellation = new CancellationTokenSource();
        var second = _threads.RunAsync(() => Task.FromResult(true), cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        blocked.Set();
        Assert.True(await first);
    }
}
