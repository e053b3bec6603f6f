using Npgsql;
using UserCqrs.Application.Changes;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// Tells up to which entry the log of changes is complete. Ids are given before the commit, so an entry may become visible after
/// others with greater ids.
/// </summary>
/// <remarks>
/// An entry gets its id after its transaction has written the user, so the transaction has an id of its own by then. Therefore,
/// all entries up to one that is visible belong to transactions that are older than one that begins now. When those have
/// ended, the log is complete up to that entry. Nothing about transactions is stored, so a dump, or an upgrade of the server,
/// does no harm. A transaction that stays open, in whatever database of the server, delays readers, but makes them miss nothing.
/// </remarks>
internal sealed class PostgresChangeHorizon(PostgresDataSources sources) : IChangeHorizon, IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private DateTime _server;
    private long _complete;
    private (long Id, decimal Transaction)? _candidate;

    /// <inheritdoc/>
    public Task<long> ReadAsync(CancellationToken cancellationToken) =>
        DatabaseFaults.TranslateAsync(() => ReadOneAsync(cancellationToken));

    public void Dispose() => _one.Dispose();

    private async Task<long> ReadOneAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await using var connection = (NpgsqlConnection)sources.ListOnPrimary();
            await connection.OpenAsync(cancellationToken);
            var (server, last) = await LastAsync(connection, cancellationToken);
            if (server != _server) // after a failover, ids and transactions may be given again
                (_server, _complete, _candidate) = (server, 0, null);
            if (_candidate is null && last > _complete)
                _candidate = (last, await ScalarAsync(connection, "SELECT pg_current_xact_id()", cancellationToken));
            if (_candidate is { } candidate && candidate.Transaction <= await ScalarAsync(
                connection, "SELECT pg_snapshot_xmin(pg_current_snapshot())", cancellationToken))
                (_complete, _candidate) = (candidate.Id, null);
            return _complete;
        }
        finally
        {
            _one.Release();
        }
    }

    private static async Task<(DateTime Server, long Last)> LastAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT pg_postmaster_start_time(), (SELECT coalesce(max(id), 0) FROM user_changes)", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetDateTime(0), reader.GetInt64(1));
    }

    private static async Task<decimal> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"{sql}::text::numeric", connection);
        return (decimal)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
