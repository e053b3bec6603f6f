namespace UserCqrs.IntegrationTests.Fixtures;

/// <summary>The service on a SQLite file in a folder of its own.</summary>
public class SqliteUsersService : UsersService
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("usercqrs-");

    public string DatabaseFile => Path.Combine(_folder.FullName, "users.db");

    protected override string DatabaseUrl => $"sqlite:///{DatabaseFile}";

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
