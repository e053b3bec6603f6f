using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using UserCqrs.Application.ApiKeys;
using UserCqrs.Application.Changes;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Infrastructure.ApiKeys;
using UserCqrs.Infrastructure.Postgres;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.Infrastructure;

/// <summary>The database behind the application's ports.</summary>
public static class DependencyInjection
{
    /// <summary>The number of threads that are created without delay, on PostgreSQL.</summary>
    private const int MinThreads = 64;

    /// <summary>Adds contexts, unit of work and health check for the database that the settings name.</summary>
    /// <exception cref="ConfigurationException">
    /// The settings do not name a usable database, or this process cannot normalize Unicode text.
    /// </exception>
    public static IServiceCollection AddInfrastructure(this IServiceCollection services, IConfiguration configuration)
    {
        UnicodeLibrary.Require();
        services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ChangesOptions>().BindConfiguration(ChangesOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(AttributesSchemaFile.Read(configuration));
        services.AddSingleton(IndexedAttributesSetting.Read(configuration));
        services.AddSingleton(typeof(IPipelineBehavior<,>), typeof(DatabaseFaultBehavior<,>));
        services.AddSingleton<MigrationLog>();
        services.AddScoped<IIdempotencyKeys, IdempotencyKeys>();
        services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("database");
        switch (DatabaseLocation.From(configuration))
        {
            case SqliteLocation sqlite:
                services.AddSqlite(sqlite);
                break;
            case PostgresLocation postgres:
                services.AddPostgres(postgres);
                break;
        }

        services.AddSingleton(provider => new ApiKeyRing(
            provider.GetRequiredService<IApiKeyStore>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ApiKeyRing>>()));
        services.AddHostedService(provider => provider.GetRequiredService<ApiKeyRing>());
        services.AddHostedService<Sweep>();
        services.AddHostedService<ChangeMetrics>();
        services.AddHostedService<WarmUp>(); // after the services that migrate
        return services;
    }

    private static void AddSqlite(this IServiceCollection services, SqliteLocation location)
    {
        SqliteModel.BuildAhead();
        services.AddSingleton(location);
        services.AddSingleton(_ => SchemaVersion.Of<SqliteWriteContext>());
        services.AddSingleton(provider =>
            new UserCache(provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.CacheMegabytes * 1024L * 1024));
        services.AddSingleton<IPipelineBehavior<GetUser, Result<UserDto>>, CachedGetUser>(); // the innermost behavior
        services.AddSingleton<IPipelineBehavior<LookUpUsers, Result<UserLookup>>, CachedLookUpUsers>();
        services.AddSingleton<IApiKeyStore>(new SqliteApiKeyStore(location));
        services.AddSingleton<SqliteFile>();
        services.AddSingleton(provider => new DatabaseReport(location, provider.GetRequiredService<SqliteFile>()));
        services.AddHealthChecks().AddCheck<SqliteFileHealthCheck>("file");
        services.AddSingleton<SqliteWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<SqliteWriter>());
        services.AddSingleton<IUnitOfWork>(provider => provider.GetRequiredService<SqliteWriter>());
        services.AddScoped(provider =>
            InTheNameOfTheCaller(provider.GetRequiredService<SqliteWriter>().CreateContext(), provider));
        services.AddSingleton<SqliteReaderPool>();
        services.AddSingleton<IReplica>(provider => provider.GetRequiredService<SqliteReaderPool>());
        services.AddScoped<ReadContext>(provider => provider.GetRequiredService<SqliteReaderPool>().Lease());
        services.AddSingleton<IChangeHorizon, SqliteChangeHorizon>();
    }

    private static void AddPostgres(this IServiceCollection services, PostgresLocation location)
    {
        // Npgsql blocks two threads while it cancels a statement. With few threads, a few clients that hang up delay all others.
        ThreadPool.GetMinThreads(out var workers, out var completionPorts);
        ThreadPool.SetMinThreads(Math.Max(workers, MinThreads), completionPorts);
        PostgresModel.BuildAhead();
        services.AddSingleton(location);
        services.AddSingleton(_ => SchemaVersion.Of<PostgresWriteContext>());
        services.AddSingleton(new DatabaseReport(location));
        services.AddSingleton<PostgresDataSources>();
        services.AddSingleton<PostgresContexts>();
        services.AddSingleton<IApiKeyStore>(provider =>
            new PostgresApiKeyStore(provider.GetRequiredService<PostgresDataSources>()));
        services.AddHostedService(provider => new PostgresMigrator(
            location, provider.GetRequiredService<PostgresDataSources>(),
            provider.GetRequiredService<IOptions<DatabaseOptions>>(), provider.GetRequiredService<IndexedAttributes>(),
            provider.GetRequiredService<MigrationLog>().Report));
        services.AddScoped(provider =>
            InTheNameOfTheCaller(provider.GetRequiredService<PostgresContexts>().Writer(), provider));
        services.AddScoped<IUnitOfWork>(provider =>
            new PostgresUnitOfWork(
                (PostgresWriteContext)provider.GetRequiredService<WriteContext>(),
                provider.GetRequiredService<PostgresContexts>().LargeCommands));
        services.AddSingleton<IReplica>(provider => provider.GetRequiredService<PostgresContexts>());
        services.AddScoped<ReadContext>(provider => provider.GetRequiredService<PostgresContexts>().Reader());
        services.AddSingleton<IChangeHorizon, PostgresChangeHorizon>();
    }

    private static WriteContext InTheNameOfTheCaller(WriteContext db, IServiceProvider provider)
    {
        db.Caller = provider.GetRequiredService<ICurrentCaller>().Id;
        return db;
    }
}
