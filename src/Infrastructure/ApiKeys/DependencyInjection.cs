using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using UserCqrs.Application.ApiKeys;
using UserCqrs.Application.Common;
using UserCqrs.Infrastructure.Postgres;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.Infrastructure.ApiKeys;

/// <summary>API keys without the rest of the service, for the command line. The service may be running.</summary>
public static class DependencyInjection
{
    /// <summary>
    /// Adds what the use cases of API keys need of the database that the settings name. The database is not looked at until a
    /// handler needs it, so that invalid input is reported first.
    /// </summary>
    /// <exception cref="ConfigurationException">The settings do not name a database that this service can use.</exception>
    public static IServiceCollection AddApiKeyAdministration(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IUnitOfWork, SingleStatement>();
        services.AddSingleton<ICurrentCaller, NoCaller>();
        switch (DatabaseLocation.From(configuration))
        {
            case SqliteLocation sqlite:
                services.AddSingleton<IApiKeyStore>(new SqliteApiKeyStore(sqlite, checksDatabase: true));
                break;
            case PostgresLocation postgres:
                services.AddSingleton(postgres);
                services.AddSingleton(
                    Options.Create(configuration.GetSection(DatabaseOptions.Section).Get<DatabaseOptions>() ?? new()));
                services.AddSingleton<PostgresDataSources>();
                services.AddSingleton(provider => new PostgresMigrator(
                    postgres, provider.GetRequiredService<PostgresDataSources>(),
                    provider.GetRequiredService<IOptions<DatabaseOptions>>(), attributes: null, Console.Error.WriteLine));
                services.AddSingleton<IApiKeyStore, PostgresApiKeyStore>();
                break;
        }

        return services;
    }

    /// <summary>Runs a command whose only statement is a transaction by itself.</summary>
    private sealed class SingleStatement : IUnitOfWork
    {
        public Task<TResult> ExecuteAsync<TResult>(Func<Task<TResult>> work, Saves saves, CancellationToken cancellationToken)
            where TResult : IResult<TResult> => work();
    }

    private sealed class NoCaller : ICurrentCaller
    {
        public string? Id => null;
    }
}
