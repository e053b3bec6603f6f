using Microsoft.EntityFrameworkCore;
using Npgsql;
using UserCqrs.Application.Common;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.Postgres;

namespace UserCqrs.UnitTests.Infrastructure.Postgres;

/// <summary>What leaves the ports when PostgreSQL fails. No connection is opened.</summary>
public sealed class PostgresFaultTests : IDisposable
{
    private static readonly PostgresException TooManyConnections =
        new("sorry, too many clients already", "FATAL", "FATAL", PostgresErrorCodes.TooManyConnections);

    private readonly PostgresDataSources _sources =
        new((PostgresLocation)DatabaseLocation.FromUrl("postgresql://users@localhost/users", "DATABASE_URL"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _sources.Dispose();

    [Fact]
    public async Task What_a_command_meets_becomes_unavailable()
    {
        var failure = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => ExecuteAsync(() => throw TooManyConnections));

        Assert.Equal(TooManyConnections, failure.InnerException);
        Assert.Contains("too many clients", failure.Message);
    }

    [Fact]
    public async Task A_command_that_lost_a_race_runs_again()
    {
        var runs = 0;

        var result = await ExecuteAsync(() => runs++ == 0 ? throw new DbUpdateConcurrencyException("It lost.") : runs);

        Assert.Equal(2, result.Value);
    }

    [Fact]
    public async Task An_unknown_outcome_and_other_errors_of_a_command_pass_untouched()
    {
        foreach (var error in (Exception[])
            [new DatabaseUnavailableException("It is lost.") { OutcomeIsUnknown = true }, new InvalidOperationException()])
            Assert.Same(error, await Assert.ThrowsAnyAsync<Exception>(() => ExecuteAsync(() => throw error)));
    }

    [Fact]
    public async Task What_a_list_meets_becomes_unavailable()
    {
        var replica = new PostgresContexts(_sources);

        var failure = await Assert.ThrowsAsync<DatabaseUnavailableException>(
            () => replica.ReadAsync<int>(_ => throw TooManyConnections, Cancelled));

        Assert.Equal(TooManyConnections, failure.InnerException);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => replica.ReadAsync<int>(_ => throw new InvalidOperationException(), Cancelled));
    }

    private static async Task<Result<int>> ExecuteAsync(Func<int> work)
    {
        await using var db = new PostgresWriteContext(PostgresModel.Use<PostgresWriteContext>().Options);
        using var large = new SemaphoreSlim(1);
        return await new PostgresUnitOfWork(db, large).ExecuteAsync(() => Task.FromResult<Result<int>>(work()), Saves.Once, Cancelled);
    }
}
