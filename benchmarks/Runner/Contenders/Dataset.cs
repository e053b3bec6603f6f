using Microsoft.Data.Sqlite;

namespace UserCqrs.Runner.Contenders;

/// <summary>Databases with users 1 to N, the same users in every contender's own schema. A fresh copy for whoever asks.</summary>
internal sealed class Dataset : IAsyncDisposable
{
    private readonly Dictionary<(Contender, int), string> _originals = [];
    private readonly PostgresDatabases _postgres = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("users-").FullName;
    private int _copies;

    /// <summary>The file system the data is on. In memory, a durable write would cost nothing.</summary>
    public string FileSystem => new DriveInfo(_folder).DriveFormat;

    /// <summary>A file, or the URL of a database.</summary>
    public async Task<string> CopyAsync(Contender contender, int users, CancellationToken cancellationToken)
    {
        var schema = contender.SchemaOf ?? contender;
        if (!_originals.TryGetValue((schema, users), out var original))
        {
            _originals[(schema, users)] = original = schema.IsOnPostgres
                ? await _postgres.MakeAsync(schema, users, cancellationToken)
                : await MakeAsync(schema, users, cancellationToken);
        }

        if (schema.IsOnPostgres)
            return await _postgres.CopyAsync(original);

        var copy = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, $"{++_copies}")).FullName, "users.db");
        await using var from = File.OpenRead(original);
        await using var to = File.Create(copy);
        await from.CopyToAsync(to, cancellationToken);
        to.Flush(flushToDisk: true); // not while something is measured
        return copy;
    }

    public async ValueTask DisposeAsync()
    {
        await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> MakeAsync(Contender contender, int users, CancellationToken cancellationToken)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, $"{++_copies}")).FullName, "users.db");
        if (contender.FillBy is { } fill)
        {
            await Tool.RunAsync(fill(file, users), Server.IndexingBound, cancellationToken);
            return file;
        }

        (await Server.StartAsync(contender, file, hasUsers: false, cancellationToken)).Dispose();
        await ExecuteAsync(file, contender.Fill, users, cancellationToken);
        (await Server.StartAsync(contender, file, hasUsers: true, cancellationToken)).Dispose(); // the service indexes what was stored
        await ExecuteAsync(file, "PRAGMA wal_checkpoint(TRUNCATE)", users, cancellationToken);
        return file;
    }

    private static async Task ExecuteAsync(string file, string sql, int users, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 600;
        command.CommandText = sql;
        command.Parameters.AddWithValue("$users", users);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
