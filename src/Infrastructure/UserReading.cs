using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using UserCqrs.Application.Common;
using UserCqrs.Infrastructure.Postgres;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.Infrastructure;

/// <summary>Users without the rest of the service, read-only, for the command line. The service may be running.</summary>
public static class UserReading
{
    /// <summary>Adds what queries of many users need of the database and the schema that the settings name.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="needsSchema">Whether the settings must name a schema of attributes.</param>
    /// <exception cref="ConfigurationException">The settings do not name a database, or a schema, that can be used.</exception>
    public static IServiceCollection AddUserReading(
        this IServiceCollection services, IConfiguration configuration, bool needsSchema = false)
    {
        if (needsSchema)
            services.AddSingleton(AttributesSchemaFile.Require(configuration));
        else
            services.AddSingleton(_ => AttributesSchemaFile.Read(configuration));
        services.AddSingleton(IndexedAttributesSetting.Read(configuration));
        switch (DatabaseLocation.From(configuration))
        {
            case SqliteLocation sqlite:
                services.AddSingleton(_ => SchemaVersion.Of<SqliteWriteContext>());
                services.AddSingleton<IReplica>(_ => new SqliteSharedReplica(sqlite));
                break;
            case PostgresLocation postgres:
                services.AddSingleton(_ => SchemaVersion.Of<PostgresWriteContext>());
                services.AddSingleton(_ => new PostgresDataSources(postgres));
                services.AddSingleton<IReplica, PostgresContexts>();
                break;
        }

        return services;
    }

    /// <summary>Checks that the database can be read and has the schema of this version.</summary>
    /// <exception cref="ConfigurationException">It has not.</exception>
    /// <exception cref="DatabaseUnavailableException">The database cannot be read now.</exception>
    public static async Task RequireCurrentDatabaseAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        var newest = services.GetRequiredService<SchemaVersion>().Migration;
        var isCurrent = await services.GetRequiredService<IReplica>().ReadAsync(
            async db => (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Contains(newest), cancellationToken);
        if (!isCurrent)
            throw new ConfigurationException("The database was made by an older version of this service. Run migrate first.");
    }
}
