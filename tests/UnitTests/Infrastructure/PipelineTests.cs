using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using UserCqrs.Application;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.UnitTests.Infrastructure;

/// <summary>What each database adds to the pipeline. No database is opened.</summary>
public sealed class PipelineTests
{
    [Fact]
    public void On_SQLite_a_user_is_looked_for_in_the_cache_last() => Assert.Equal(
        ["TelemetryBehavior`2", "ValidationBehavior`2", typeof(DatabaseFaultBehavior<,>).Name, nameof(CachedGetUser)],
        BehaviorsOf<GetUser, UserDto>("sqlite:///./users.db"));

    [Fact]
    public void On_PostgreSQL_there_is_no_cache() => Assert.Equal(
        ["TelemetryBehavior`2", "ValidationBehavior`2", typeof(DatabaseFaultBehavior<,>).Name],
        BehaviorsOf<GetUser, UserDto>("postgresql://users@localhost/users"));

    private static List<string> BehaviorsOf<TMessage, TValue>(string databaseUrl) where TMessage : IMessage<TValue>
    {
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection([new("DATABASE_URL", databaseUrl)]).Build();
        using var services = new ServiceCollection()
            .AddLogging().AddSingleton(settings).AddApplication().AddInfrastructure(settings).BuildServiceProvider();
        return [.. services.GetServices<IPipelineBehavior<TMessage, Result<TValue>>>().Select(behavior => behavior.GetType().Name)];
    }
}
