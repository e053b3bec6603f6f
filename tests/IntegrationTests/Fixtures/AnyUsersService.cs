using System.Diagnostics;
using Microsoft.AspNetCore.Hosting;

namespace UserCqrs.IntegrationTests.Fixtures;

/// <summary>The service on a database that a test names, which may outlive it.</summary>
internal sealed class AnyUsersService(string url, params (string Name, string Value)[] settings) : UsersService
{
    protected override string DatabaseUrl => url;

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
        foreach (var (name, value) in settings)
            builder.UseSetting(name, value);
    }

    private bool IsLocked()
    {
        var path = $"{url["sqlite:///".Length..]}.lock";
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
