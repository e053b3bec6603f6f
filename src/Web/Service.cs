using System.Reflection;
using UserCqrs.Application;
using UserCqrs.Infrastructure;
using UserCqrs.Web.CommandLine;

namespace UserCqrs.Web;

/// <summary>Builds and runs the service.</summary>
internal static class Service
{
    /// <summary>The version of this program, such as <c>1.0.0</c>.</summary>
    public static readonly string Version =
        typeof(Service).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Reads and checks all settings. Every command does this.</summary>
    /// <param name="settings">The settings on the command line, which take precedence over all others.</param>
    public static WebApplicationBuilder CreateBuilder(Dictionary<string, string?> settings)
    {
        // appsettings.json is in the folder of the program. Relative paths of databases start at the current folder.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = [.. settings.Select(setting => $"--{setting.Key}={setting.Value}")],
            ContentRootPath = AppContext.BaseDirectory,
        });
        KnownSettings.Check(builder.Configuration);
        return builder;
    }

    /// <param name="settings">See <see cref="CreateBuilder"/>.</param>
    public static async Task RunAsync(Dictionary<string, string?> settings)
    {
        var builder = CreateBuilder(settings);
        builder.Services.AddApplication().AddInfrastructure(builder.Configuration).AddWeb(builder.Configuration);

        var app = builder.Build();
        app.UseUserCqrs();
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // SIGTERM arrived during the start, which may wait for the database. This is a clean end.
        }
    }
}
