using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Infrastructure.Sqlite;
using static SQLitePCL.raw;
using static UserCqrs.UnitTests.TestUsers;

namespace UserCqrs.UnitTests;

/// <summary>A real SQLite in memory, with the schema of the migrations. Reads and writes use one connection.</summary>
public sealed class TestDatabase : IReplica, IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    private readonly SqliteSearchIndex _search;

    public TestDatabase()
    {
        _connection.Open();
        using var db = CreateWriteContext();
        db.Database.Migrate();
        SqliteChangeLog.Ensure(_connection, db.Model);
        _search = new SqliteSearchIndex(_connection);
    }

    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public WriteContext CreateWriteContext() => new SqliteWriteContext(SqliteModel.Use<SqliteWriteContext>(_connection).Options);

    public ReadContext CreateReadContext() => new SqliteReadContext(SqliteModel.Use<SqliteReadContext>(_connection).Options);

    /// <summary>What others do before each query of a list.</summary>
    public Action? Meanwhile { get; set; }

    public ReplicaContext CreateReplicaContext() => new SqliteReplicaContext(
        SqliteModel.Use<SqliteReplicaContext>(_connection).AddInterceptors(new Interruption(this)).Options);

    public async Task<T> ReadAsync<T>(
        Func<ReplicaContext, Task<T>> read, CancellationToken cancellationToken, bool isFresh = false)
    {
        await using var db = CreateReplicaContext();
        return await read(db);
    }

    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Measures the work without a clock: in hundreds of instructions of SQLite's virtual machine.</summary>
    public async Task<int> CountWorkAsync(Func<Task> work)
    {
        var hundreds = 0;
        sqlite3_progress_handler(_connection.Handle, 100, _ => ++hundreds < 0 ? 1 : 0, null);
        await work();
        sqlite3_progress_handler(_connection.Handle, 0, (delegate_progress?)null, null);
        return hundreds;
    }

    /// <summary>Stores a user as a command would.</summary>
    public Task<User> AddAsync(string name, string email, DateTimeOffset? at = null) => AddAsync(Data(name, email), at);

    /// <summary>Stores a user as a command would.</summary>
    public async Task<User> AddAsync(UserData data, DateTimeOffset? at = null)
    {
        await using var db = CreateWriteContext();
        var user = User.Create(data, at ?? Noon);
        db.Users.Add(user);
        Assert.Null(await db.TrySaveAsync(CancellationToken.None));
        UpdateSearch();
        return user;
    }

    /// <summary>Makes what was stored searchable, also users without search texts.</summary>
    public void UpdateSearch() => _search.Fill(_connection, _ => { }, CancellationToken.None);

    /// <summary>Makes indexes of attributes, and removes others.</summary>
    public Task IndexAttributesAsync(params string[] paths) =>
        SqliteAttributeIndexes.UpdateAsync(_connection, IndexedAttributes.Parse(paths), _ => { });

    /// <summary>Reads the stored user with this id in a separate context.</summary>
    public async Task<User?> FindAsync(long id)
    {
        await using var db = CreateReadContext();
        return await db.Users.FirstOrDefaultAsync(user => user.Id == id);
    }

    /// <summary>Changes stored data to what another version of the service might have stored.</summary>
    public async Task ExecuteAsync(FormattableString sql)
    {
        await using var db = CreateWriteContext();
        await db.Database.ExecuteSqlAsync(sql);
    }

    private sealed class Interruption(TestDatabase database) : DbCommandInterceptor
    {
        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            database.Meanwhile?.Invoke();
            return new(result);
        }
    }

    public void Dispose()
    {
        _search.Dispose();
        _connection.Dispose();
    }
}

internal sealed class StoppedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
