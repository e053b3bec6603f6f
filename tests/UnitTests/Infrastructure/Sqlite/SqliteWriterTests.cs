using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.Sqlite;
using static SQLitePCL.raw;
using static UserCqrs.UnitTests.TestUsers;

namespace UserCqrs.UnitTests.Infrastructure.Sqlite;

public sealed class SqliteWriterTests : IAsyncLifetime
{
    private const int Capacity = 8;

    private readonly string _folder = Directory.CreateTempSubdirectory("usercqrs-").FullName;
    private readonly IOptions<DatabaseOptions> _options = Options.Create(new DatabaseOptions { WriteQueue = Capacity });
    private readonly UserCache _cache = new(1024 * 1024);
    private readonly SqliteFile _file;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaderPool _readers;
    private readonly TaskCompletionSource _gate = new();

    public SqliteWriterTests()
    {
        _file = new SqliteFile(new SqliteLocation(Path.Combine(_folder, "users.db")));
        _writer = new SqliteWriter(_file, _cache, _options, IndexedAttributes.None, new MigrationLog(NullLogger<MigrationLog>.Instance));
        _readers = new SqliteReaderPool(_file, _options);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _writer.StartAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        _gate.TrySetResult();
        await _writer.StopAsync(Cancellation);
        _readers.Dispose();
        _writer.Dispose();
        _file.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Commands_that_wait_together_are_committed_together_and_in_order()
    {
        var held = await HoldAsync();
        var group = Enumerable.Range(1, 5).Select(i => AddAsync($"{i}@example.org")).ToList();

        Assert.Equal(0, await CountAsync());

        _gate.SetResult();
        await held;
        var ids = (await Task.WhenAll(group)).Select(result => result.Value);

        Assert.Equal([1, 2, 3, 4, 5], ids);
        Assert.Equal(5, await CountAsync());
    }

    [Fact]
    public async Task Nobody_is_answered_before_the_group_is_committed_not_even_the_refused()
    {
        var added = AddAsync("ann@example.org");
        var held = await HoldAsync();

        var refused = _writer.ExecuteAsync(() => Task.FromResult<Result<long>>(Error.NotFound), Saves.Once, Cancellation);
        await Task.Yield();

        Assert.False(refused.IsCompleted);

        _gate.SetResult();

        Assert.Equal(Error.NotFound, (await refused).Error);

        await Task.WhenAll(added, held);
    }

    [Fact]
    public async Task A_command_that_throws_keeps_nothing_and_leaves_its_neighbours_alone()
    {
        var held = await HoldAsync();
        var before = AddAsync("before@example.org");
        var failing = AddAsync("failing@example.org", then: () => throw new TimeoutException());
        var after = AddAsync("after@example.org");

        _gate.SetResult();

        await Assert.ThrowsAsync<TimeoutException>(() => failing);
        await Task.WhenAll(held, before, after);
        Assert.Equal(["after@example.org", "before@example.org"], await EmailsAsync());
    }

    [Fact]
    public async Task A_command_that_is_refused_keeps_nothing()
    {
        var result = await AddAsync("ann@example.org", then: () => Error.PreconditionFailed);

        Assert.Equal(Error.PreconditionFailed, result.Error);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_command_that_writes_much_has_a_transaction_of_its_own()
    {
        var held = await HoldAsync();
        var before = AddAsync("before@example.org");
        var stored = -1;
        var many = _writer.ExecuteAsync<Result<long>>(async () => stored = await CountAsync(), Saves.Many, Cancellation);
        var refused = AddAsync("refused@example.org", saves: Saves.Many, then: () => Error.PreconditionFailed);
        var failing = AddAsync("failing@example.org", saves: Saves.Many, then: () => throw new TimeoutException());
        var after = AddAsync("after@example.org");

        _gate.SetResult();

        await Task.WhenAll(held, before, many, refused, after);
        await Assert.ThrowsAsync<TimeoutException>(() => failing);
        Assert.Equal(1, stored); // the one before was committed
        Assert.Equal(["after@example.org", "before@example.org"], await EmailsAsync());
    }

    [Theory]
    [InlineData(Saves.Once)]
    [InlineData(Saves.Many)]
    public async Task A_command_may_change_many_pages(Saves saves)
    {
        const int rows = 6_000; // of a page each
        await ExecuteSqlAsync($"""
            CREATE TABLE large (content);
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows})
            INSERT INTO large SELECT zeroblob(3500) FROM numbers
            """);

        await ExecuteSqlAsync("UPDATE large SET content = randomblob(3500)", saves: saves);
        await Assert.ThrowsAsync<TimeoutException>(() => ExecuteSqlAsync("DELETE FROM large", fails: true, saves));

        await ExecuteSqlAsync($"""
            CREATE TABLE checked (count CHECK (count = {rows}));
            INSERT INTO checked SELECT count(*) FROM large WHERE content <> zeroblob(3500)
            """);
    }

    [Fact]
    public async Task What_was_committed_reaches_the_file_while_the_writer_goes_on()
    {
        var file = new FileInfo(_file.Path);
        await ExecuteSqlAsync("CREATE TABLE large (content)");
        var before = file.Length;

        for (var i = 0; file.Length == before && i < 10_000; i++)
        {
            await ExecuteSqlAsync("INSERT INTO large VALUES (zeroblob(100000))");
            file.Refresh();
            Assert.True(new FileInfo($"{_file.Path}-wal").Length < 32 * 1024 * 1024); // a checkpoint follows 16 MiB
        }

        Assert.True(file.Length > before);
    }

    [Fact]
    public async Task A_cancelled_waiter_does_nothing_and_strands_nobody()
    {
        using var cancellation = new CancellationTokenSource();
        var held = await HoldAsync();
        var cancelled = AddAsync("cancelled@example.org", cancellationToken: cancellation.Token);
        var after = AddAsync("after@example.org");

        await cancellation.CancelAsync();
        _gate.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await Task.WhenAll(held, after);
        Assert.Equal(["after@example.org"], await EmailsAsync());
    }

    [Fact]
    public async Task A_command_cancelled_while_it_runs_keeps_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var cancelled = AddAsync("ann@example.org", cancellationToken: cancellation.Token, then: () =>
        {
            cancellation.Cancel();
            throw new OperationCanceledException(cancellation.Token);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(0, await CountAsync());
        Assert.Equal(1, (await AddAsync("bob@example.org")).Value);
    }

    [Fact]
    public async Task One_more_than_the_queue_holds_is_refused_at_once()
    {
        var held = await HoldAsync();
        var waiting = Enumerable.Range(1, Capacity).Select(i => AddAsync($"{i}@example.org")).ToList();

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => AddAsync("one.more@example.org"));

        _gate.SetResult();
        await held;
        await Task.WhenAll(waiting);

        Assert.Equal(Capacity, await CountAsync());
    }

    [Fact]
    public async Task An_error_that_ends_the_transaction_fails_the_whole_group_and_keeps_nothing()
    {
        var held = await HoldAsync();
        var before = AddAsync("before@example.org");
        var fatal = ExecuteSqlAsync("ROLLBACK", fails: true); // as SQLite does by itself when a disk is full

        _gate.SetResult();

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => before);
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => fatal);
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => held);
        Assert.Equal(0, await CountAsync());
        Assert.Equal(1, (await AddAsync("after@example.org")).Value);
    }

    [Fact]
    public async Task A_commit_that_fails_fails_the_whole_group_and_keeps_nothing()
    {
        await ExecuteSqlAsync(
            "CREATE TABLE parent (id INTEGER PRIMARY KEY); "
            + "CREATE TABLE child (parent_id REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)");
        var held = await HoldAsync();
        var before = AddAsync("before@example.org");
        var broken = ExecuteSqlAsync("INSERT INTO child VALUES (7)"); // noticed by COMMIT alone

        _gate.SetResult();

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => before);
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => broken);
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => held);
        Assert.Equal(0, await CountAsync());
        Assert.Equal(1, (await AddAsync("after@example.org")).Value);
    }

    [Fact]
    public async Task Nothing_is_acknowledged_once_the_file_was_taken_away()
    {
        await AddAsync("before@example.org");
        Assert.Equal(1, await CountAsync());
        File.Delete(_file.Path);

        var error = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => AddAsync("after@example.org"));

        Assert.Contains(_file.Path, error.Message);
        Assert.Equal(1, await CountAsync()); // by the reader that was open before
    }

    [Fact]
    public async Task Stopping_finishes_what_waits_and_refuses_what_comes()
    {
        var held = await HoldAsync();
        var waiting = AddAsync("ann@example.org");
        var stopping = _writer.StopAsync(Cancellation);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => AddAsync("late@example.org"));

        _gate.SetResult();
        await Task.WhenAll(held, waiting, stopping);

        Assert.Equal(["ann@example.org"], await EmailsAsync());
    }

    [Fact]
    public async Task A_reader_cannot_write_whatever_it_sends()
    {
        await using var reader = _readers.Lease();

        var error = await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(
            () => reader.Database.ExecuteSqlRawAsync("DELETE FROM users", Cancellation));

        Assert.Equal(8, error.SqliteErrorCode); // SQLITE_READONLY
    }

    [Fact]
    public void A_context_exists_only_while_its_command_runs() =>
        Assert.Throws<InvalidOperationException>(() => _writer.CreateContext());

    [Fact]
    public async Task A_context_that_another_asks_for_while_a_command_runs_does_not_exist_either()
    {
        var held = await HoldAsync();

        Assert.Throws<InvalidOperationException>(() => _writer.CreateContext());

        _gate.SetResult();
        await held;
    }

    [Fact]
    public async Task A_change_in_another_table_drops_no_user_from_the_cache()
    {
        await AddAsync("ann@example.org");
        await ExecuteSqlAsync("CREATE TABLE others (id INTEGER PRIMARY KEY)");
        var user = new UserDto(1, "Ann", "ann@example.org", TestDatabase.Noon, TestDatabase.Noon, 1);
        _cache.Fill(user, _cache.StartReading());

        await ExecuteSqlAsync("INSERT INTO others VALUES (1)");

        Assert.Equal(user, _cache.Find(1));

        await ExecuteSqlAsync("UPDATE users SET name = 'Bea'");

        Assert.Null(_cache.Find(1));
    }

    [Fact]
    public async Task A_failure_of_the_database_becomes_unavailable_and_others_stay_what_they_are()
    {
        var full = new SqliteException("It is full.", SQLITE_FULL);
        var wrong = new SqliteException("There is no such table.", SQLITE_ERROR);

        var failure = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => AddAsync("ann@example.org", () => throw full));

        Assert.Equal(("It is full.", full), (failure.Message, failure.InnerException));
        Assert.Same(wrong, await Assert.ThrowsAsync<SqliteException>(() => AddAsync("ann@example.org", () => throw wrong)));
    }

    // Keeps the writer busy until the gate opens, so that commands sent meanwhile wait together.
    private async Task<Task<Result<long>>> HoldAsync()
    {
        var running = new TaskCompletionSource();
        var held = _writer.ExecuteAsync<Result<long>>(
            async () =>
            {
                running.SetResult();
                await _gate.Task;
                return 0;
            }, Saves.Once, Cancellation);
        await running.Task;
        return held;
    }

    private Task<Result<long>> AddAsync(
        string email, Func<Result<long>>? then = null, CancellationToken? cancellationToken = null, Saves saves = Saves.Once) =>
        _writer.ExecuteAsync(
            async () =>
            {
                await using var db = _writer.CreateContext();
                var user = User.Create(Data("Ann", email), TestDatabase.Noon);
                db.Users.Add(user);
                await db.TrySaveAsync(Cancellation);
                return then?.Invoke() ?? user.Id;
            }, saves, cancellationToken ?? Cancellation);

    private Task<Result<long>> ExecuteSqlAsync(string sql, bool fails = false, Saves saves = Saves.Once) => _writer.ExecuteAsync<Result<long>>(
        async () =>
        {
            await using var db = _writer.CreateContext();
            await db.Database.ExecuteSqlRawAsync(sql, Cancellation);
            return fails ? throw new TimeoutException() : 0;
        }, saves, Cancellation);

    private async Task<int> CountAsync() => (await EmailsAsync()).Count;

    private async Task<List<string>> EmailsAsync()
    {
        await using var db = _readers.Lease();
        return await db.Users.Select(user => user.Email).Order().ToListAsync(Cancellation);
    }
}
