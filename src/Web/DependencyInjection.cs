using System.Text.Json.Serialization;
using Microsoft.AspNetCore.HostFiltering;
using UserCqrs.Web.Endpoints;
using UserCqrs.Web.Hosting;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;
using UserCqrs.Web.Security;

namespace UserCqrs.Web;

/// <summary>The services of the web layer, and the order of its middleware.</summary>
internal static class DependencyInjection
{
    public static IServiceCollection AddWeb(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddExceptionHandler<ExceptionHandler>();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });
        services.AddEndpoints();
        services.AddUserCqrsOpenApi();
        services.AddCrossOrigin();
        services.AddCompression();
        services.AddOptions<ShutdownOptions>().BindConfiguration("Shutdown").ValidateDataAnnotations().ValidateOnStart();
        services.AddSecurity(configuration);
        services.AddLimits();
        services.AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddHealthChecks().AddCheck<Drain>("drain");
        services.AddHostedService<StartReport>();
        services.PostConfigure<HostFilteringOptions>(options => options.AllowedHosts = ["*"]); // HostCheck does this
        services.AddLogging(logging => _ = Console.IsOutputRedirected
            ? logging.AddJsonConsole(json =>
                (json.TimestampFormat, json.UseUtcTimestamp) = ("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", true))
            : logging.AddSimpleConsole());
        services.AddTelemetryExport(configuration);
        return services;
    }

    public static void UseUserCqrs(this WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<Drain>().InvokeAsync);
        app.UseMiddleware<RequestLog>();
        app.Use(BrowserSafety.InvokeAsync);
        app.UseExceptionHandler(_ => { });
        app.Use(StatusPages.InvokeAsync);
        app.UseMiddleware<HostCheck>();
        app.UseCrossOrigin(); // first, so that nothing rejects a CORS preflight
        app.UseRouting();
        app.UseRequestTimeouts();
        app.Use(Negotiation.InvokeAsync);
        app.UseMiddleware<AccessControl>();
        app.Use(RequestBody.InvokeAsync);
        app.MapEndpoints();
        app.MapDocs();
        var read = new HttpMethodMetadata(["GET", "HEAD"]);
        app.MapOpenApi("/openapi.json").WithMetadata(read).IsPublic().Compresses().AllowAnonymous();
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false })
            .WithMetadata(read).AllowAnonymous().DisableRateLimiting();
        app.MapHealthChecks("/health/ready").WithMetadata(read).AllowAnonymous().DisableRateLimiting();
    }
}
