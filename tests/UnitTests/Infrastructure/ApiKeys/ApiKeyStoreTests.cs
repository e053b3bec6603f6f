using Microsoft.Data.Sqlite;
using UserCqrs.Application.Common;
using UserCqrs.Domain;
using UserCqrs.Infrastructure.ApiKeys;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.UnitTests.Infrastructure.ApiKeys;

public sealed class ApiKeyStoreTests : IDisposable
{
    private static readonly DateTimeOffset Noon = TestDatabase.Noon;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("usercqrs-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string DatabaseFile => Path.Combine(_folder.FullName, "users.db");

    private SqliteApiKeyStore Store => new(new SqliteLocation(DatabaseFile));

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("CREATE TABLE api_keys (id TEXT)")]
    [InlineData("""
        CREATE TABLE api_keys (id TEXT, name TEXT, scopes TEXT, hash BLOB, created_at TEXT, expires_at TEXT, revoked_at TEXT, last_used_at TEXT);
        INSERT INTO api_keys VALUES ('i8k9mT4G', 'billing', 'users:read', x'00', 'yesterday', NULL, NULL, NULL)
        """)]
    public async Task A_file_with_another_table_or_other_values_is_unavailable(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile}.keys;Pooling=False");
        await connection.OpenAsync(Cancelled);
        SqliteFile.Execute(connection, sql);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => Store.ListAsync(Cancelled));
    }

    [Fact]
    public async Task What_is_not_seen_is_not_taken_for_no_keys()
    {
        Assert.Empty(await Store.ListAsync(Cancelled));
        Directory.CreateDirectory($"{DatabaseFile}.keys");

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => Store.ListAsync(Cancelled));
        await Assert.ThrowsAsync<DatabaseUnavailableException>(
            () => new SqliteApiKeyStore(new SqliteLocation($"{DatabaseFile}.lost/users.db")).ListAsync(Cancelled));
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_is_unavailable()
    {
        await File.WriteAllTextAsync($"{DatabaseFile}.keys", new string('x', 4096), Cancelled);
        var store = Store;

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => store.ListAsync(Cancelled));
        await Assert.ThrowsAsync<DatabaseUnavailableException>(
            () => store.AddAsync(ApiKey.Create("billing", ["users:read"], Noon, null).Key, Cancelled));
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => store.RevokeAsync("i8k9mT4G", Noon, Cancelled));
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => store.MarkUsedAsync("i8k9mT4G", Noon, Cancelled));
    }
}
