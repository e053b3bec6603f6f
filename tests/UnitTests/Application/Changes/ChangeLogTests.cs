using Microsoft.EntityFrameworkCore;
using NSubstitute;
using UserCqrs.Application.Changes;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.UnitTests.Application.Changes;

/// <summary>The log of changes: reading it, restoring from it, erasing in it and forgetting its beginning.</summary>
public sealed class ChangeLogTests : IDisposable, IChangeHorizon
{
    private static readonly DateTimeOffset Later = TestDatabase.Noon.AddHours(1);

    private readonly TestDatabase _database = new();
    private readonly IIdempotencyKeys _keys = Substitute.For<IIdempotencyKeys>();
    private long _complete = long.MaxValue;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    Task<long> IChangeHorizon.ReadAsync(CancellationToken cancellationToken) => Task.FromResult(_complete);

    [Fact]
    public async Task A_change_names_its_caller_and_has_the_state_after_it()
    {
        var cursor = await NowAsync();
        await using (var db = _database.CreateWriteContext())
        {
            db.Caller = "key:ann";
            db.Users.Add(User.Create(TestUsers.Data("Ann", "ann@example.org"), TestDatabase.Noon));
            await db.SaveChangesAsync(Cancelled);
        }

        await using (var db = _database.CreateWriteContext())
        {
            db.Caller = "key:bob";
            await db.RemoveAsync(await db.Users.SingleAsync(Cancelled), Cancelled);
        }

        var page = (await ListAsync(cursor)).Value;

        Assert.Equal(
            [(UserChangeType.Created, 1L, "key:ann", "Ann"), (UserChangeType.Deleted, 2L, "key:bob", "Ann")],
            page.Items.Select(change => (change.Type, change.Version, change.By!, change.User!.Name)));
        Assert.Equal(TestDatabase.Noon, page.Items[0].At);
        Assert.False(page.More);
    }

    [Fact]
    public async Task A_page_ends_where_the_log_is_complete()
    {
        var cursor = await NowAsync();
        for (var i = 0; i < 4; i++)
            await _database.AddAsync("Ann", $"ann{i}@example.org");
        _complete = 4; // the first entry is that of the log itself

        var first = (await ListAsync(cursor, limit: 2)).Value;
        var second = (await ListAsync(first.Next, limit: 2)).Value;
        var third = (await ListAsync(second.Next)).Value;

        Assert.Equal((2, true, 1, false, 0), (first.Items.Count, first.More, second.Items.Count, second.More, third.Items.Count));
        Assert.Equal(second.Next, third.Next);
        _complete = 5;
        Assert.Single((await ListAsync(third.Next)).Value.Items);
        _complete = 0; // an instance that has just started
        Assert.Equal(third.Next, (await ListAsync(third.Next)).Value.Next);
        var unknown = (await ListAsync(null)).Value;
        Assert.Empty(unknown.Items);
        Assert.Empty((await ListAsync(unknown.Next)).Value.Items);
        _database.Execute("DELETE FROM user_changes WHERE id = 1"); // too old by now, so the log begins with a change
        unknown = (await ListAsync(null)).Value;
        Assert.Empty(unknown.Items);
        var waiting = ListAsync(unknown.Next, wait: 60);
        _complete = 2; // the oldest change, and no other
        Assert.Equal([2L], (await waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancelled)).Value.Items.Select(change => change.Id));
        _complete = 5;
        Assert.Equal([2L, 3, 4, 5], (await ListAsync(unknown.Next)).Value.Items.Select(change => change.Id));
        _complete = 0;
        Assert.Empty((await ListAsync(await NowAsync())).Value.Items);
    }

    [Fact]
    public async Task The_log_tells_its_size_its_age_and_how_late_it_is()
    {
        await _database.AddAsync("Ann", "ann@example.org");
        var seen = await MeasureAsync();
        _complete = 1; // a transaction is still running
        var late = await MeasureAsync();

        Assert.Equal((2, TimeSpan.Zero), (seen.Entries, seen.Lag));
        Assert.Equal(Later - TestDatabase.Noon, late.Lag);
    }

    [Fact]
    public async Task What_the_search_index_has_of_erased_users_is_removed_in_steps()
    {
        Assert.False(await PurgeAsync());
        var user = await _database.AddAsync("Ann", "ann@example.org");
        await _database.AddAsync("Bob", "bob@example.org");
        Assert.False(await PurgeAsync());

        await EraseAsync(user.Id);

        Assert.True(await PurgeAsync());
        while (await PurgeAsync())
        {
        }

        Assert.Equal(["Bob"], await _database.ReadAsync(db => db.Users.Select(found => found.Name).ToListAsync(Cancelled), Cancelled));
    }

    [Fact]
    public async Task Who_waits_gets_the_next_change_or_an_empty_page()
    {
        var cursor = await NowAsync();
        _complete = 1;
        using var stop = new CancellationTokenSource();
        var waiting = ListAsync(cursor, wait: 60);
        var stopped = ListAsync(cursor, wait: 60, stop: stop);

        await stop.CancelAsync();
        Assert.Empty((await stopped).Value.Items);
        await _database.AddAsync("Ann", "ann@example.org");
        _complete = 2;

        Assert.Single((await waiting).Value.Items);
    }

    [Fact]
    public async Task What_is_forgotten_is_the_beginning_and_its_readers_learn_of_it()
    {
        var start = await NowAsync();
        for (var i = 0; i < 3; i++)
            await _database.AddAsync("Ann", $"ann{i}@example.org", TestDatabase.Noon.AddDays(i));
        var all = (await ListAsync(start)).Value;
        var first = (await ListAsync(start, limit: 1)).Value.Next;
        await _database.ExecuteAsync($"UPDATE user_changes SET at = 0 WHERE id = 1");

        Assert.Equal(2, await ForgetAsync(TestDatabase.Noon.AddDays(1.5), 500));
        Assert.Equal(0, await ForgetAsync(TestDatabase.Noon.AddDays(1.5), 500));

        Assert.Equal(Error.Gone, (await ListAsync(start)).Error);
        Assert.Equal(Error.Gone, (await ListAsync(first)).Error);
        Assert.Equal([2L, 3L], (await ListAsync(null)).Value.Items.Select(change => change.UserId));
        Assert.Empty((await ListAsync(all.Next)).Value.Items);
    }

    [Fact]
    public async Task A_history_is_that_of_one_user_and_has_pages()
    {
        var ann = await _database.AddAsync("Ann", "ann@example.org");
        await _database.AddAsync("Bob", "bob@example.org");
        await ChangeAsync(ann.Id, "Anna");

        var first = (await HistoryAsync(new(ann.Id, Limit: 1))).Value;
        var second = (await HistoryAsync(new(ann.Id, Limit: 1, first.Next))).Value;

        Assert.Equal(("Anna", "Ann", null), (first.Items.Single().User!.Name, second.Items.Single().User!.Name, second.Next));
        Assert.Equal(Error.NotFound, (await HistoryAsync(new(7))).Error);
        Assert.Equal(Error.NotFound, (await HistoryAsync(new(0))).Error);
    }

    [Fact]
    public async Task A_deleted_user_is_restored_with_everything_it_had()
    {
        var data = TestUsers.Data("Ann", "Ann@example.org") with
        {
            ExternalId = ExternalId.Parse("hr-1"),
            Active = false,
            Attributes = UserAttributes.Parse("""{"a":1.50}"""),
        };
        var ann = await _database.AddAsync(data);
        await DeleteAsync(ann.Id);

        var restored = (await RestoreAsync(ann.Id)).Value;

        Assert.Equal(ann.ToDto() with { Version = 3, UpdatedAt = Later }, restored);
        Assert.Equal(Error.NotFound, (await RestoreAsync(ann.Id)).Error);
        Assert.Equal(Error.NotFound, (await RestoreAsync(7)).Error);
        await DeleteAsync(ann.Id);
        await _database.AddAsync("Bob", "ann@EXAMPLE.org");
        Assert.Equal(ErrorKind.Conflict, (await RestoreAsync(ann.Id)).Error!.Kind);
    }

    [Fact]
    public async Task Nothing_of_the_data_of_an_erased_user_stays()
    {
        var cursor = await NowAsync();
        var ann = await _database.AddAsync("Ann", "ann@example.org");
        await ChangeAsync(ann.Id, "Anna");

        Assert.Equal(ann.Id, (await EraseAsync(ann.Id)).Value);
        Assert.Equal(ann.Id, (await EraseAsync(ann.Id)).Value);

        var changes = (await ListAsync(cursor)).Value.Items;
        Assert.Equal(
            [UserChangeType.Created, UserChangeType.Updated, UserChangeType.Deleted, UserChangeType.Erased],
            changes.Select(change => change.Type));
        Assert.All(changes, change => Assert.Null(change.User));
        Assert.Null(await _database.FindAsync(ann.Id));
        await _keys.Received().ForgetAsync(ann.Id, Arg.Any<CancellationToken>());
        Assert.Equal(Error.NotFound, (await RestoreAsync(ann.Id)).Error);
        Assert.Equal(Error.NotFound, (await EraseAsync(7)).Error);
    }

    [Fact]
    public void A_cursor_is_nothing_else()
    {
        var validator = new ListChangesValidator();

        Assert.True(validator.Validate(new ListChanges(null)).IsValid);
        Assert.Equal(
            ["after.invalid", "limit.outOfRange", "wait.outOfRange"],
            validator.Validate(new ListChanges("AQ", 0, 61)).Errors.Select(error => error.ErrorCode).Order());
        Assert.Equal(
            ["cursor.invalid", "limit.outOfRange"],
            new ListUserChangesValidator().Validate(new ListUserChanges(1, 1_001, "now")).Errors.Select(error => error.ErrorCode).Order());
        Assert.Throws<FormatException>(() => ChangeCursor.Decode("x"));
    }

    private async Task<string> NowAsync() => (await ListAsync(ListChanges.Now)).Value.Next;

    private Task<Result<ChangePage>> ListAsync(string? after, int limit = 100, int wait = 0, CancellationTokenSource? stop = null) =>
        new ListChangesHandler(_database, this, new ChangeTail(this, TimeProvider.System), TimeProvider.System)
            .Handle(new(after, limit, wait) { Stop = stop?.Token ?? CancellationToken.None }, Cancelled);

    private Task<Result<UserChangePage>> HistoryAsync(ListUserChanges query) =>
        new ListUserChangesHandler(_database).Handle(query, Cancelled);

    private async Task<int> ForgetAsync(DateTimeOffset before, int count)
    {
        await using var db = _database.CreateWriteContext();
        return (await new ForgetChangesHandler(db).Handle(new(before, count), Cancelled)).Value;
    }

    private async Task<ChangeLogSize> MeasureAsync() =>
        (await new MeasureChangesHandler(_database, this, new StoppedClock(Later)).Handle(new(), Cancelled)).Value;

    private async Task<bool> PurgeAsync()
    {
        await using var db = _database.CreateWriteContext();
        return (await new PurgeSearchHandler(db).Handle(new(), Cancelled)).Value;
    }

    private async Task ChangeAsync(long id, string name)
    {
        await using var db = _database.CreateWriteContext();
        (await db.Users.SingleAsync(user => user.Id == id, Cancelled)).Change(new() { Name = UserName.Parse(name) }, Later);
        await db.SaveChangesAsync(Cancelled);
    }

    private async Task DeleteAsync(long id)
    {
        await using var db = _database.CreateWriteContext();
        Assert.Null((await new DeleteUserHandler(db).Handle(new(id, Precondition.None), Cancelled)).Error);
    }

    private async Task<Result<UserDto>> RestoreAsync(long id)
    {
        await using var db = _database.CreateWriteContext();
        return await new RestoreUserHandler(db, new StoppedClock(Later)).Handle(new(id), Cancelled);
    }

    private async Task<Result<long>> EraseAsync(long id)
    {
        await using var db = _database.CreateWriteContext();
        return await new EraseUserHandler(db, _keys, new StoppedClock(Later)).Handle(new(id), Cancelled);
    }
}
