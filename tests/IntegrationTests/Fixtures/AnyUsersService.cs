using System.Diagnostics;
using Microsoft.AspNetCore.Hosting;

namespace UserCqrs.IntegrationTests.Fixtures;

/// <summary>The service on a database that a test names, which may outlive it.</summary>
internal sealed class AnyUsersService : UsersService
{
    private readonly string _url;
    private readonly (string Name, string Value)[] _settings;

    private AnyUsersService(string url, (string Name, string Value)[] settings) => (_url, _settings) = (url, settings);

    protected override string DatabaseUrl => _url;

    /// <summary>Starts it on a thread of its own, so that several can start together.</summary>
    public static Task<AnyUsersService> StartAsync(string url, params (string Name, string Value)[] settings) => Task.Run(async () =>
    {
        var service = new AnyUsersService(url, settings);
        await service.InitializeAsync();
        return service;
    });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();

        // The end of the program and of the factory run side by side, and neither waits until the other has released the file.
        var elapsed = Stopwatch.StartNew();
        while (IsLocked() && elapsed.Elapsed < TimeSpan.FromSeconds(10))
            await Task.Delay(10);
        GC.SuppressFinalize(this);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        foreach (var (name, value) in _settings)
            builder.UseSetting(name, value);
    }

    private bool IsLocked()
    {
        var path = $"{_url["sqlite:///".Length..]}.lock";
        try
        {
            if (File.Exists(path))
                new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
