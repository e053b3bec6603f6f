using Microsoft.Data.Sqlite;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Infrastructure;
using static SQLitePCL.raw;

namespace UserCqrs.UnitTests.Infrastructure;

public sealed class DatabaseFaultBehaviorTests
{
    private readonly DatabaseFaultBehavior<GetUser, Result<UserDto>> _behavior = new();

    [Theory]
    [InlineData(SQLITE_BUSY)]
    [InlineData(SQLITE_IOERR)]
    [InlineData(SQLITE_CORRUPT)]
    [InlineData(SQLITE_FULL)]
    [InlineData(SQLITE_CANTOPEN)]
    [InlineData(SQLITE_NOTADB)]
    public async Task A_failure_of_the_database_becomes_unavailable_with_its_message(int code)
    {
        var fault = new SqliteException("SQLite Error: 'no luck'.", code);

        var failure = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => HandleAsync(fault));

        Assert.Equal((fault.Message, fault, false), (failure.Message, failure.InnerException, failure.OutcomeIsUnknown));
    }

    [Fact]
    public async Task The_message_is_that_of_the_database_however_deep_it_is()
    {
        var wrapped = new InvalidOperationException("See the inner exception.", new SqliteException("It is full.", SQLITE_FULL));

        Assert.Equal("It is full.", (await Assert.ThrowsAsync<DatabaseUnavailableException>(() => HandleAsync(wrapped))).Message);
    }

    [Fact]
    public async Task An_unknown_outcome_stays_unknown()
    {
        var unknown = new DatabaseUnavailableException("The connection was lost.") { OutcomeIsUnknown = true };
        var wrapped = new InvalidOperationException("See the inner exception.", unknown);

        Assert.Same(unknown, await Assert.ThrowsAsync<DatabaseUnavailableException>(() => HandleAsync(unknown)));
        Assert.True((await Assert.ThrowsAsync<DatabaseUnavailableException>(() => HandleAsync(wrapped))).OutcomeIsUnknown);
    }

    [Fact]
    public async Task Everything_else_passes_untouched()
    {
        var busy = new SqliteException("It is busy.", SQLITE_BUSY);
        foreach (var other in (Exception[])
            [new InvalidOperationException(), new SqliteException("no such table", SQLITE_ERROR), new OperationCanceledException("", busy)])
            Assert.Same(other, await Assert.ThrowsAnyAsync<Exception>(() => HandleAsync(other)));
    }

    private Task<Result<UserDto>> HandleAsync(Exception exception) =>
        _behavior.Handle(new(1), TestContext.Current.CancellationToken, () => throw exception);
}
