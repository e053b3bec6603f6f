using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SQLitePCL;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using static SQLitePCL.raw;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>
/// The one writer. Commands wait in a bounded first-in, first-out queue and run one after the other on one connection. Commands
/// that are waiting share one transaction, each in a savepoint of its own, and all their results, errors included, are returned
/// after the COMMIT; a command with <see cref="Saves.Many"/> has a transaction of its own. There is no timer: an idle
/// service commits at once.
/// </summary>
internal sealed class SqliteWriter(
    SqliteFile file, UserCache cache, IOptions<DatabaseOptions> options, IndexedAttributes attributes, MigrationLog log)
    : IUnitOfWork, IHostedService, IDisposable
{
    private const int MaxGroup = 256;

    private readonly Channel<QueuedCommand> _queue = Channel.CreateBounded<QueuedCommand>(
        new BoundedChannelOptions(options.Value.WriteQueue) { SingleReader = true });

    private readonly HashSet<long> _changedIds = [];
    private readonly AsyncLocal<bool> _isInCommand = new();

    private SqliteConnection? _connection;
    private SqliteTransactionStatements? _statements;
    private SqliteSearchIndex? _search;
    private bool _searchIsOutdated;
    private bool _isIndexing;
    private PooledDbContextFactory<SqliteWriteContext>? _contexts;
    private Task _running = Task.CompletedTask;

    /// <summary>Creates a context on the writer's connection for the running command.</summary>
    /// <exception cref="InvalidOperationException">The caller is not the running command.</exception>
    public WriteContext CreateContext() => _isInCommand.Value
        ? _contexts!.CreateDbContext()
        : throw new InvalidOperationException("A WriteContext exists only while its command runs in the unit of work.");

    public async Task<TResult> ExecuteAsync<TResult>(
        Func<Task<TResult>> work, Saves saves, CancellationToken cancellationToken)
        where TResult : IResult<TResult>
    {
        var command = new QueuedCommand<TResult>(work, saves, cancellationToken);
        return _queue.Writer.TryWrite(command)
            ? await DatabaseFaults.TranslateAsync(() => command.Completion)
            : throw new DatabaseUnavailableException("The command queue is full, or the service is stopping.");
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        file.Lock();
        _connection = file.OpenWriter();
        _statements = new SqliteTransactionStatements(_connection);
        _search = new SqliteSearchIndex(_connection);
        _contexts = new PooledDbContextFactory<SqliteWriteContext>(SqliteModel.Use<SqliteWriteContext>(_connection).Options);
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            if (options.Value.MigrateOnStart)
                await SqliteMigrator.MigrateAsync(db, _search, attributes, log.Report, cancellationToken);
            else if (!await SchemaVersion.IsCurrentAsync(db, cancellationToken)) // no other process can open the file
                throw new ConfigurationException(
                    $"The schema of {file.Path} is not up to date. Run migrate, or set Database:MigrateOnStart=true.");
            else if (!SqliteChangeLog.IsComplete(_connection, db.Model))
                throw new ConfigurationException(
                    $"{file.Path} lacks triggers of the table users, which write the log of changes. Run migrate, or set "
                    + "Database:MigrateOnStart=true.");
            else if (!SqliteAttributeIndexes.AreComplete(_connection, attributes))
                throw new ConfigurationException(
                    $"An attribute in {IndexedAttributes.Setting} has no index in {file.Path}. Run migrate with the same "
                    + "settings, or set Database:MigrateOnStart=true.");
        }

        sqlite3_update_hook(
            _connection.Handle, (delegate_update)((_, _, _, table, id) => NoteChange(table, id)), null);
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await _running;
    }

    public void Dispose() // SqliteFile closes the connection, after the readers
    {
        _statements?.Dispose();
        _search?.Dispose();
    }

    // Called for every row that is written; those of the search index are many, and of no interest.
    private void NoteChange(utf8z table, long id)
    {
        if (_isIndexing)
            return;
        switch (table.utf8_to_string())
        {
            case UserConfiguration.Table:
                _changedIds.Add(id);
                break;
            case SqliteSearchIndex.ChangeTable:
                _searchIsOutdated = true;
                break;
        }
    }

    private void UpdateSearch()
    {
        if (!_searchIsOutdated)
            return;
        _isIndexing = true;
        try
        {
            _search!.Update();
        }
        finally
        {
            (_isIndexing, _searchIsOutdated) = (false, false);
        }
    }

    private async Task RunAsync()
    {
        var group = new List<QueuedCommand>(MaxGroup);
        while (await _queue.Reader.WaitToReadAsync())
        {
            try
            {
                await RunGroupAsync(group);
                group.ForEach(command => command.Complete());
            }
            catch (Exception e)
            {
                var reason = $"The transaction was rolled back. ({e.Message})";
                group.ForEach(command => command.Fail(new DatabaseUnavailableException(reason, e)));
            }

            group.Clear();
        }
    }

    private async Task RunGroupAsync(List<QueuedCommand> group)
    {
        try
        {
            _statements!.Begin();
        }
        catch
        {
            // The database cannot be written to, so all waiting commands fail at once instead of one after the other.
            while (_queue.Reader.TryRead(out var command))
                group.Add(command);
            throw;
        }

        try
        {
            while (group.Count < MaxGroup && TakeNext(group) is { } command)
            {
                group.Add(command);
                await RunAsync(command);
            }

            UpdateSearch();
            Commit();
        }
        finally
        {
            _statements.RollbackIfOpen();
        }
    }

    private QueuedCommand? TakeNext(List<QueuedCommand> group) =>
        group is not [{ IsAlone: true }]
        && _queue.Reader.TryPeek(out var next) && (group.Count == 0 || !next.IsAlone)
        && _queue.Reader.TryRead(out next)
            ? next : null;

    private void Commit()
    {
        file.ThrowIfMoved();
        cache.BeginCommit(_changedIds);
        try
        {
            _statements!.Commit();
        }
        finally
        {
            cache.EndCommit();
            _changedIds.Clear();
        }
    }

    private async Task RunAsync(QueuedCommand command)
    {
        _isInCommand.Value = true; // applies to what this method calls, and ends with it
        if (command.IsAlone)
            await RunAloneAsync(command);
        else
            await RunInSavepointAsync(command);
    }

    // A savepoint would keep the former contents of every page that the command changes.
    private async Task RunAloneAsync(QueuedCommand command)
    {
        if (await command.RunAsync())
            return;
        _statements!.RollbackIfOpen();
        _statements.Begin();
    }

    private async Task RunInSavepointAsync(QueuedCommand command)
    {
        _statements!.Savepoint();
        if (!await command.RunAsync())
        {
            if (_statements.TransactionHasEnded)
                throw new InvalidOperationException(
                    "An error of one command ended the transaction of its group.", command.Exception);
            _statements.RollbackToSavepoint();
        }

        _statements.ReleaseSavepoint();
    }
}
