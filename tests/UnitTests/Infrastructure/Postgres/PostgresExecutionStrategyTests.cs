using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using UserCqrs.Infrastructure.Postgres;

namespace UserCqrs.UnitTests.Infrastructure.Postgres;

public sealed class PostgresExecutionStrategyTests
{
    // EF Core may call the method any number of times.
    [Fact]
    public void To_ask_whether_a_failure_is_tried_again_changes_nothing()
    {
        using var db = new PostgresReplicaContext(PostgresModel.Use<PostgresReplicaContext>().Options);
        using var standby = new NpgsqlConnection();
        db.On(standby, () => throw new InvalidOperationException("The fallback was taken."));
        var retries = new PostgresExecutionStrategy(db.GetService<ExecutionStrategyDependencies>());
        var ask = typeof(PostgresExecutionStrategy).GetMethod("ShouldRetryOn", BindingFlags.Instance | BindingFlags.NonPublic)!;

        Assert.Equal([true, true], Enumerable.Range(0, 2).Select(_ => (bool)ask.Invoke(retries, [new NpgsqlException("It is gone.")])!));
        Assert.True(db.HasFallback);
    }
}
