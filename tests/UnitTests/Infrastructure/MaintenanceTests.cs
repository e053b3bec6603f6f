using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using UserCqrs.Application.ApiKeys;
using UserCqrs.Domain;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.ApiKeys;

namespace UserCqrs.UnitTests.Infrastructure;

public sealed class MaintenanceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("usercqrs-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_command_leaves_databases_whole_in_their_one_file()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("DATABASE_URL", Url("users.db"))]).Build();

        await Maintenance.MigrateAsync(settings, _ => { }, Cancellation);
        await Maintenance.CopyAsync(Url("users.db"), Url("copy.db"), _ => { }, Cancellation);
        Maintenance.Backup(settings, Path.Combine(_folder, "backup.db"));
        Maintenance.Restore(settings, Path.Combine(_folder, "backup.db"));
        await using (var keys = new ServiceCollection().AddApiKeyAdministration(settings).BuildServiceProvider())
        {
            var (key, _) = ApiKey.Create("test", ["users:read"], TestDatabase.Noon, lifetime: null);
            await keys.GetRequiredService<IApiKeyStore>().AddAsync(key, Cancellation);
        }

        Assert.Equal(
            ["backup.db", "copy.db", "copy.db.lock", "users.db", "users.db.keys", "users.db.lock"],
            Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    private string Url(string name) => $"sqlite:///{Path.Combine(_folder, name)}";
}
