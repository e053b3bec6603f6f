using Microsoft.Data.Sqlite;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>Reads a file that a running service may have open, for the command line.</summary>
internal sealed class SqliteSharedReplica(SqliteLocation location) : IReplica, IDisposable
{
    private readonly Lazy<SqliteReplicaContext> _db = new(() => Open(location.File));

    /// <inheritdoc/>
    public Task<T> ReadAsync<T>(
        Func<ReplicaContext, Task<T>> read, CancellationToken cancellationToken, bool isFresh = false) =>
        DatabaseFaults.TranslateAsync(() => read(_db.Value));

    public void Dispose()
    {
        if (_db.IsValueCreated)
            _db.Value.Dispose();
    }

    /// <exception cref="ConfigurationException">There is no such file, or it is not a database of this service.</exception>
    private static SqliteReplicaContext Open(string file)
    {
        if (!File.Exists(file))
            throw new ConfigurationException($"There is no database {file}. Set DATABASE_URL to the right one.");
        SqliteRestore.ThrowIfUnfinished(file);
        if (!SqliteFile.MayBeOurs(file))
            throw new ConfigurationException($"The file {file} is not a database of this service.");
        var connection = SqliteBackup.Open(file, SqliteOpenMode.ReadWrite); // the last to close it removes the WAL
        SqliteFile.Execute(connection, "PRAGMA query_only = ON");
        return new(SqliteModel.Use<SqliteReplicaContext>(connection, contextOwnsConnection: true).Options);
    }
}
