using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Infrastructure.Sqlite;
using UserCqrs.Infrastructure.Sqlite.Migrations;

namespace UserCqrs.Infrastructure;

/// <summary>The database behind the application's ports.</summary>
public static class DependencyInjection
{
    /// <summary>Adds contexts, writer and health check for the database that the settings name.</summary>
    /// <exception cref="ConfigurationException">They name none.</exception>
    public static IServiceCollection AddInfrastructure(this IServiceCollection services, IConfiguration configuration)
    {
        SqliteModel.BuildAhead();
        services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(DatabaseLocation.From(configuration));
        services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("database");

        services.AddSingleton(provider =>
            new UserCache(provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.CacheMegabytes * 1024L * 1024));
        services.AddSingleton<SqliteFile>();
        services.AddSingleton<SqliteWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<SqliteWriter>());
        services.AddHostedService<WarmUp>();
        services.AddSingleton<IUnitOfWork>(provider => provider.GetRequiredService<SqliteWriter>());
        services.AddScoped(provider => provider.GetRequiredService<SqliteWriter>().CreateContext());
        services.AddSingleton<IDbContextFactory<ReadContext>, SqliteReaders>();
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<ReadContext>>().CreateDbContext());
        services.AddSingleton(new SchemaVersion(CreateUsers.Id));
        return services;
    }
}
