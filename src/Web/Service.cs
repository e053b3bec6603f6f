using UserCqrs.Application;
using UserCqrs.Infrastructure;

namespace UserCqrs.Web;

/// <summary>The service, from its settings to its end.</summary>
internal static class Service
{
    public static async Task RunAsync(string[] args)
    {
        // Settings lie beside the program; relative database paths are the caller's.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
        });
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
