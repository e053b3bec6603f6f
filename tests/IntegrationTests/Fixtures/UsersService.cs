using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using UserCqrs.Application.ApiKeys;
using UserCqrs.Domain;

namespace UserCqrs.IntegrationTests.Fixtures;

/// <summary>
/// The whole service on a real Kestrel and a database of its own. Which database is the subclass's one decision, so that
/// every HTTP test can run on each of them.
/// </summary>
public abstract class UsersService : WebApplicationFactory<Program>, IAsyncLifetime
{
    private HttpClient? _client;

    protected UsersService() => UseKestrel(0);

    /// <summary>A client whose every response is held against the service's own OpenAPI document.</summary>
    public HttpClient Client => _client!;

    /// <summary>Host and port, for those who speak to the socket themselves.</summary>
    public virtual Uri Address => ClientOptions.BaseAddress;

    protected abstract string DatabaseUrl { get; }

    /// <summary>What tells the service the time.</summary>
    protected virtual TimeProvider Clock => TimeProvider.System;

    /// <summary>Ends the test here when this machine lacks what the database needs.</summary>
    public virtual void SkipIfMissing()
    {
    }

    /// <summary>Stores a key, of any lifetime.</summary>
    public async Task<ApiKeySeen> CreateKeyAsync(TimeSpan? lifetime, params string[] scopes)
    {
        var (key, token) = ApiKey.Create("test", scopes, TimeProvider.System.GetUtcNow(), lifetime);
        await Keys.AddAsync(key, TestContext.Current.CancellationToken);
        return new(key.Id, token);
    }

    /// <summary>Revokes it, likewise.</summary>
    public async Task RevokeKeyAsync(ApiKeySeen key) =>
        Assert.True(await Keys.RevokeAsync(key.Id, TimeProvider.System.GetUtcNow(), TestContext.Current.CancellationToken));

    public virtual ValueTask InitializeAsync()
    {
        StartServer();
        _client = new HttpClient(new OpenApiContract(new Decompression(new SocketsHttpHandler { AllowAutoRedirect = false })))
        {
            BaseAddress = Address,
        };
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
        .ConfigureTestServices(services => services.AddSingleton(Clock))
        .UseEnvironment("Production")
        .UseSetting("DATABASE_URL", DatabaseUrl)
        .UseSetting("Access:AllowAnonymousOnLoopback", "true")
        .UseSetting("Shutdown:DrainSeconds", "0")
        .UseSetting("Logging:LogLevel:Default", "Warning")
        .UseSetting("Logging:LogLevel:UserCqrs.Web.Hosting.StartReport", "None")
        .UseSetting("Logging:LogLevel:UserCqrs.Web.Security.AccessControl", "Error"); // many are refused on purpose

    private IApiKeyStore Keys => Services.GetRequiredService<IApiKeyStore>();
}

/// <summary>A key as its owner sees it.</summary>
public sealed record ApiKeySeen(string Id, string Token);
