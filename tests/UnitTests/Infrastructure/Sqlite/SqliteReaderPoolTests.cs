using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.Sqlite;
using static SQLitePCL.raw;

namespace UserCqrs.UnitTests.Infrastructure.Sqlite;

public sealed class SqliteReaderPoolTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("usercqrs-").FullName;
    private readonly SqliteFile _file;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaderPool _readers;

    public SqliteReaderPoolTests()
    {
        var options = Options.Create(new DatabaseOptions());
        _file = new SqliteFile(new SqliteLocation(Path.Combine(_folder, "users.db")));
        _writer = new SqliteWriter(_file, new UserCache(0), options, IndexedAttributes.None, new MigrationLog(NullLogger<MigrationLog>.Instance));
        _readers = new SqliteReaderPool(_file, options);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _writer.StartAsync(Cancelled);

    public async ValueTask DisposeAsync()
    {
        await _writer.StopAsync(Cancelled);
        _readers.Dispose();
        _writer.Dispose();
        _file.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = 60_000)]
    public async Task Lists_beyond_the_bound_wait_and_short_reads_do_not()
    {
        var lists = StartLists();

        var waiting = _readers.ReadAsync(_ => Task.FromResult(1), Cancelled);
        await using (var read = _readers.Lease())
            Assert.Equal(0, await read.Users.CountAsync(Cancelled));
        Assert.False(waiting.IsCompleted);

        lists[0].SetResult(0);
        Assert.Equal(1, await waiting);
        lists.ForEach(list => list.TrySetResult(0));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_list_whose_caller_goes_while_it_waits_takes_no_turn()
    {
        var lists = StartLists();
        using var caller = new CancellationTokenSource();
        var waiting = _readers.ReadAsync(_ => Task.FromResult(1), caller.Token);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        lists[0].SetResult(0);
        Assert.Equal(1, await _readers.ReadAsync(_ => Task.FromResult(1), Cancelled));
        lists.ForEach(list => list.TrySetResult(0));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_statement_ends_when_its_caller_goes_and_the_reader_serves_the_next_one()
    {
        for (var round = 0; round < 2; round++)
        {
            using var caller = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            var started = Stopwatch.GetTimestamp();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _readers.ReadAsync(CountForeverAsync, caller.Token));

            Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 20);
            Assert.Equal(0, await _readers.ReadAsync(db => db.Users.CountAsync(Cancelled), Cancelled));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_failure_of_the_database_becomes_unavailable_and_others_stay_what_they_are()
    {
        var corrupt = new SqliteException("It is corrupt.", SQLITE_CORRUPT);

        var failure = await Assert.ThrowsAsync<DatabaseUnavailableException>(
            () => _readers.ReadAsync<int>(_ => throw corrupt, Cancelled));

        Assert.Equal(("It is corrupt.", corrupt), (failure.Message, failure.InnerException));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => _readers.ReadAsync<int>(_ => throw new InvalidOperationException(), Cancelled));
        Assert.Equal(0, await _readers.ReadAsync(db => db.Users.CountAsync(Cancelled), Cancelled));
    }

    /// <summary>Starts as many lists as may be read at once. Each ends with its source.</summary>
    private List<TaskCompletionSource<int>> StartLists()
    {
        var lists = Enumerable.Range(0, SqliteReaderPool.MaxLists).Select(_ => new TaskCompletionSource<int>()).ToList();
        foreach (var list in lists)
            _ = _readers.ReadAsync(_ => list.Task, Cancelled);
        return lists;
    }

    private static Task<long> CountForeverAsync(ReplicaContext db) => db.Database.SqlQueryRaw<long>("""
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) SELECT count(*) AS Value FROM numbers
        """).SingleAsync(CancellationToken.None);
}
