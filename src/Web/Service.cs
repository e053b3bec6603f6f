using System.Reflection;
using UserCqrs.Application;
using UserCqrs.Infrastructure;
using UserCqrs.Web.CommandLine;

namespace UserCqrs.Web;

/// <summary>The service, from its settings to its end.</summary>
internal static class Service
{
    /// <summary>The version of this program, such as <c>1.0.0</c>.</summary>
    public static readonly string Version = typeof(Service).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Reads all settings, as every command does.</summary>
    /// <param name="settings">Those of the command line, which take precedence over all others.</param>
    public static WebApplicationBuilder CreateBuilder(Dictionary<string, string?> settings)
    {
        // Settings lie beside the program; relative database paths are the caller's.
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
            // SIGTERM came during the start, which may wait for the database: a clean end.
        }
    }
}
