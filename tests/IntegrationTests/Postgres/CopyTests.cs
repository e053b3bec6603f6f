using Microsoft.Data.Sqlite;
using UserCqrs.Infrastructure;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Postgres;

/// <summary>Users carried from a file to PostgreSQL and back, by services on both sides.</summary>
public sealed class CopyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("usercqrs-");

    public CopyTests() => SharedPostgres.SkipIfMissing();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Everything_of_every_user_arrives_and_ids_go_on()
    {
        var (file, server, back) = (FileUrl("users"), await NewDatabaseAsync(), FileUrl("back"));
        List<string> users;
        await using (var service = await AnyUsersService.StartAsync(file))
        {
            var http = new Http(service);
            await http.NewAsync("Ann Lee", "Ann@example.org", ""","externalId":"hr-1 é😀","active":false,"attributes":{"n":1.50e2,"a":["é😀",{"b":true}]}""");
            await http.NewAsync("Zoë 😀 Ünal", "zoe@bücher.example");
            await http.RenameAsync((await http.NewAsync("Bob", "bob@example.org")).Path, "Robert");
            await http.DropAsync((await http.NewAsync("Gone", "gone@example.org")).Path);
            users = await http.AllAsync();
        }

        var (count, checksum) = await CopyAsync(file, server);
        Assert.Equal(3, count);
        await using (var service = await AnyUsersService.StartAsync(server))
        {
            var http = new Http(service);
            Assert.Equal(users, await http.AllAsync());
            Assert.Equal(5, (await http.NewAsync("Eve", "eve@example.org")).Id); // 4 was given, though its user is gone
            await http.DropAsync("/v1/users/5");
        }

        Assert.Equal((3, checksum), await CopyAsync(server, back));
        await using (var service = await AnyUsersService.StartAsync(back))
        {
            var http = new Http(service);
            Assert.Equal(users, await http.AllAsync());
            Assert.Equal(6, (await http.NewAsync("Eve", "eve@example.org")).Id);
        }
    }

    [Fact]
    public async Task A_target_that_has_users_is_left_as_it_is()
    {
        var (file, server) = (FileUrl("users"), await NewDatabaseAsync());
        await using (var service = await AnyUsersService.StartAsync(server))
            await new Http(service).NewAsync("Ann", "ann@example.org");
        await using (var service = await AnyUsersService.StartAsync(file))
            await new Http(service).NewAsync("Bob", "bob@example.org");

        Assert.Contains("already has 1 users", (await Assert.ThrowsAsync<ConfigurationException>(() => CopyAsync(file, server))).Message);
        Assert.Contains("already has 1 users", (await Assert.ThrowsAsync<ConfigurationException>(() => CopyAsync(server, file))).Message);
    }

    [Fact]
    public async Task A_copy_that_is_broken_off_leaves_nothing()
    {
        var (file, server) = (FileUrl("users"), await NewDatabaseAsync());
        await (await AnyUsersService.StartAsync(file)).DisposeAsync();
        await (await AnyUsersService.StartAsync(server)).DisposeAsync();
        await FillAsync(file);
        using var cancelled = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Maintenance.CopyAsync(file, server, _ => cancelled.Cancel(), cancelled.Token));

        Assert.Equal(101_000, (await CopyAsync(file, server)).Users);
    }

    [Fact]
    public async Task A_file_in_use_is_not_copied()
    {
        var file = FileUrl("users");
        await using var service = await AnyUsersService.StartAsync(file);

        Assert.Contains("Another process uses", (await Assert.ThrowsAsync<ConfigurationException>(
            async () => await CopyAsync(file, await NewDatabaseAsync()))).Message);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_not_made()
    {
        await Assert.ThrowsAsync<ConfigurationException>(async () => await CopyAsync(FileUrl("nowhere"), await NewDatabaseAsync()));

        Assert.Empty(_folder.GetFiles());
    }

    private static Task<(long Users, string Checksum)> CopyAsync(string from, string to) =>
        Maintenance.CopyAsync(from, to, _ => { }, Cancelled);

    private static async Task<string> NewDatabaseAsync() => await (await SharedPostgres.GetAsync()).CreateDatabaseAsync();

    private static async Task FillAsync(string file)
    {
        await using var connection = new SqliteConnection($"Data Source={file["sqlite:///".Length..]};Pooling=False");
        await connection.OpenAsync(Cancelled);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            WITH RECURSIVE number(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < 101000)
            INSERT INTO users (id, name, email, email_key, created_at, updated_at, version)
            SELECT i, 'User ' || i, 'u' || i || '@example.org', 'u' || i || '@example.org', i, i, 1 FROM number
            """;
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private string FileUrl(string name) => $"sqlite:///{_folder.FullName}/{name}.db";

    private sealed class Http(UsersService service) : HttpTests(service)
    {
        public async Task<UserSeen> NewAsync(string name, string email, string others = "") =>
            UserSeen.In(await PostAsync("/v1/users", $"{Fields(name, email)[..^1]}{others}}}"));

        public async Task RenameAsync(string path, string name) =>
            Assert.Equal(200, (await PatchAsync(path, $$"""{"name":"{{name}}"}""")).Status);

        public async Task DropAsync(string path) => Assert.Equal(204, (await DeleteAsync(path)).Status);

        /// <summary>All users to the letter, with their versions.</summary>
        public async Task<List<string>> AllAsync()
        {
            var users = new List<string>();
            foreach (var id in (await GetAsync("/v1/users")).Json.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("id")))
            {
                var user = await GetAsync($"/v1/users/{id}");
                users.Add($"{user.ETag} {user.Text}");
            }

            return users;
        }
    }
}
