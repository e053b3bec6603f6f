using UserCqrs.IntegrationTests.Postgres;

namespace UserCqrs.IntegrationTests.Fixtures;

/// <summary>
/// The service on a PostgreSQL database of its own. Under the environment variable BALANCED there are two of them behind a
/// balancer.
/// </summary>
public class PostgresUsersService : UsersService
{
    private static readonly bool IsBalanced = Environment.GetEnvironmentVariable("BALANCED") is { Length: > 0 };

    private string? _databaseUrl;
    private SecondInstance? _second;
    private Balancer? _balancer;

    public override Uri Address => _balancer?.Address ?? base.Address;

    protected override string DatabaseUrl => _databaseUrl!;

    public override void SkipIfMissing() => SharedPostgres.SkipIfMissing();

    public override async ValueTask InitializeAsync()
    {
        if (PostgresServer.Missing is not null)
            return; // the tests say so, one by one
        _databaseUrl = await NewDatabaseAsync();
        StartServer();
        if (IsBalanced)
        {
            _second = new SecondInstance(_databaseUrl, Clock);
            await _second.InitializeAsync();
            _balancer = new Balancer(base.Address, _second.Address);
        }

        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _balancer?.Dispose();
        if (_second is not null)
            await _second.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual async Task<string> NewDatabaseAsync() => await (await SharedPostgres.GetAsync()).CreateDatabaseAsync();

    private sealed class SecondInstance(string databaseUrl, TimeProvider clock) : UsersService
    {
        protected override string DatabaseUrl => databaseUrl;

        protected override TimeProvider Clock => clock;
    }
}
