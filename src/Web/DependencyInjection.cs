using System.Text.Json.Serialization;
using UserCqrs.Web.Hosting;
using UserCqrs.Web.Http;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web;

/// <summary>What the web layer needs, and the order in which a request goes through it.</summary>
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
        services.AddUserCqrsOpenApi();
        services.AddOptions<ShutdownOptions>().BindConfiguration("Shutdown").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddHealthChecks().AddCheck<Drain>("drain");
        services.AddLogging(logging => _ = Console.IsOutputRedirected ? logging.AddJsonConsole() : logging.AddSimpleConsole());
        if (TelemetryExport.IsWanted(configuration))
            services.AddHostedService<TelemetryExport>();
        return services;
    }

    public static void UseUserCqrs(this WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<Drain>().InvokeAsync);
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(StatusPages.WriteAsync);
        app.UseRouting();
        app.Use(Negotiation.InvokeAsync);
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "UserCqrs";
            page.SwaggerEndpoint("/openapi.json", "UserCqrs");
        });
        app.MapOpenApi("/openapi.json");
        Routes.Map(app);
    }
}
