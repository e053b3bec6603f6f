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

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_that_cannot_be_used_is_unavailable()
    {
        var file = Path.Combine(_folder.FullName, "users.db");
        await File.WriteAllTextAsync($"{file}.keys", new string('x', 4096), Cancelled);
        var store = new SqliteApiKeyStore(new SqliteLocation(file));

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => store.ListAsync(Cancelled));
        await Assert.ThrowsAsync<DatabaseUnavailableException>(
            () => store.AddAsync(ApiKey.Create("billing", ["users:read"], Noon, null).Key, Cancelled));
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => store.RevokeAsync("i8k9mT4G", Noon, Cancelled));
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => store.MarkUsedAsync("i8k9mT4G", Noon, Cancelled));
    }
}
