using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using UserCqrs.Infrastructure.Postgres;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.Infrastructure.ApiKeys;

/// <summary>What is done to keys from the command line, and by no other way; the service may be running.</summary>
public sealed class ApiKeyAdministration : IDisposable
{
    private readonly DatabaseLocation _location;
    private readonly PostgresDataSources? _sources;
    private readonly PostgresMigrator? _migrator;
    private readonly ApiKeyStore _store;

    /// <summary>The keys of the database that the settings name.</summary>
    /// <exception cref="ConfigurationException">They name none, or a file that does not exist.</exception>
    public ApiKeyAdministration(IConfiguration configuration)
    {
        _location = DatabaseLocation.From(configuration);
        if (_location is PostgresLocation postgres)
        {
            _sources = new PostgresDataSources(postgres);
            var options = configuration.GetSection(DatabaseOptions.Section).Get<DatabaseOptions>() ?? new();
            _migrator = new PostgresMigrator(postgres, _sources, Options.Create(options));
            _store = new PostgresApiKeyStore(_sources);
        }
        else
        {
            var sqlite = (SqliteLocation)_location;
            if (!File.Exists(sqlite.File))
                throw new ConfigurationException(
                    $"There is no database {sqlite.File}, so it has no keys. Start the service once, run migrate, or name another database by DATABASE_URL.");
            if (!SqliteFile.MayBeOurs(sqlite.File))
                throw new ConfigurationException($"{sqlite.File} is not a database of this service, so it has no keys. Name another one by DATABASE_URL.");
            _store = new SqliteApiKeyStore(sqlite);
        }
    }

    /// <summary>Which database that is.</summary>
    public string Database => _location.ToString();

    /// <summary>Makes a key. Its token is told here and never again.</summary>
    /// <param name="name">What its owner is called.</param>
    /// <param name="scopes">What it may do.</param>
    /// <param name="lifetime">How long it is good; <c>null</c>: for ever.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ConfigurationException">The database cannot be had.</exception>
    public async Task<(ApiKey Key, string Token)> CreateAsync(
        string name, IReadOnlyList<string> scopes, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        if (_migrator is not null)
            await _migrator.StartAsync(cancellationToken); // as the service would
        var (key, token) = ApiKey.Create(name, scopes, TimeProvider.System.GetUtcNow(), lifetime);
        await ExplainAsync(_store.AddAsync(key, cancellationToken));
        return (key, token);
    }

    /// <summary>All keys there ever were, the oldest first.</summary>
    /// <exception cref="ConfigurationException">The database cannot be had.</exception>
    public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken) =>
        ExplainAsync(_store.ListAsync(cancellationToken));

    /// <summary>Ends a key, for good and in every instance. <c>false</c>: there is none of this id.</summary>
    /// <exception cref="ConfigurationException">The database cannot be had.</exception>
    public Task<bool> RevokeAsync(string id, CancellationToken cancellationToken) =>
        ExplainAsync(_store.RevokeAsync(id, TimeProvider.System.GetUtcNow(), cancellationToken));

    /// <inheritdoc/>
    public void Dispose() => _sources?.Dispose();

    private async Task<T> ExplainAsync<T>(Task<T> work)
    {
        try
        {
            return await work;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException || DatabaseFaults.IsUnavailable(e))
        {
            throw new ConfigurationException($"The keys of {_location} cannot be had: {PostgresErrors.Describe(e)}", e);
        }
    }
}
