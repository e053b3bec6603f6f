using UserCqrs.IntegrationTests.Postgres;

namespace UserCqrs.IntegrationTests.Fixtures;

/// <summary>The service on a PostgreSQL database of its own.</summary>
public class PostgresUsersService : UsersService
{
    private string? _databaseUrl;

    protected override string DatabaseUrl => _databaseUrl!;

    public override void SkipIfMissing() => SharedPostgres.SkipIfMissing();

    public override async ValueTask InitializeAsync()
    {
        if (PostgresServer.Missing is not null)
            return; // the tests say so, one by one
        _databaseUrl = await NewDatabaseAsync();
        await base.InitializeAsync();
    }

    protected virtual async Task<string> NewDatabaseAsync() => await (await SharedPostgres.GetAsync()).CreateDatabaseAsync();
}
