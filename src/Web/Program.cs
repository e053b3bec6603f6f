using UserCqrs.Application;
using UserCqrs.Infrastructure;
using UserCqrs.Web;
using UserCqrs.Web.Hosting;

try
{
    // Settings lie beside the program; relative database paths are the caller's.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        ContentRootPath = AppContext.BaseDirectory,
    });
    builder.Services.AddApplication().AddInfrastructure(builder.Configuration).AddWeb(builder.Configuration);
    builder.WebHost.ConfigureKestrel(KestrelLimits.Apply);

    var app = builder.Build();
    app.UseUserCqrs();
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (StartupFailure.Explains(e))
{
    await Console.Error.WriteLineAsync(e.Message);
    return StartupFailure.ExitCode;
}
