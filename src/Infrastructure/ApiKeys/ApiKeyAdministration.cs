using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using UserCqrs.Infrastructure.Postgres;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.Infrastructure.ApiKeys;

/// <summary>Manages API keys for the command line, which is the only way to do so. The service may be running.</summary>
public sealed class ApiKeyAdministration : IDisposable
{
    private readonly DatabaseLocation _location;
    private readonly PostgresDataSources? _sources;
    private readonly PostgresMigrator? _migrator;
    private readonly ApiKeyStore _store;

    /// <summary>Manages the keys of the database that the settings name.</summary>
    /// <exception cref="ConfigurationException">
    /// The settings are invalid, or name a file that does not exist or is not a database of this service.
    /// </exception>
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
                    $"There is no database {sqlite.File}, so it has no keys. Start the service once, run migrate, or name "
                    + "another database by DATABASE_URL.");
            if (!SqliteFile.MayBeOurs(sqlite.File))
                throw new ConfigurationException(
                    $"{sqlite.File} is not a database of this service, so it has no keys. Name another one by DATABASE_URL.");
            _store = new SqliteApiKeyStore(sqlite);
        }
    }

    /// <summary>The database, as messages name it.</summary>
    public string Database => _location.ToString();

    /// <summary>Creates a key. Its token is returned only here.</summary>
    /// <param name="name">The name of the key's owner.</param>
    /// <param name="scopes">The scopes of the key.</param>
    /// <param name="lifetime">How long the key is valid; <c>null</c> if it does not expire.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ConfigurationException">The database cannot be used.</exception>
    public async Task<(ApiKey Key, string Token)> CreateAsync(
        string name, IReadOnlyList<string> scopes, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        if (_migrator is not null)
            await _migrator.StartAsync(cancellationToken); // as the service does when it starts
        var (key, token) = ApiKey.Create(name, scopes, TimeProvider.System.GetUtcNow(), lifetime);
        await ExplainAsync(_store.AddAsync(key, cancellationToken));
        return (key, token);
    }

    /// <summary>Lists all keys, revoked and expired ones included, the oldest first.</summary>
    /// <exception cref="ConfigurationException">The database cannot be used.</exception>
    public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken) =>
        ExplainAsync(_store.ListAsync(cancellationToken));

    /// <summary>Revokes a key permanently, for every instance. Returns <c>false</c> if there is no key with this id.</summary>
    /// <exception cref="ConfigurationException">The database cannot be used.</exception>
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
            throw new ConfigurationException($"The keys of {_location} cannot be used: {PostgresErrors.Describe(e)}", e);
        }
    }
}
