using Microsoft.AspNetCore.Authentication.JwtBearer;
using UserCqrs.Application.Common;

namespace UserCqrs.Web.Security;

/// <summary>Adds the services that <see cref="AccessControl"/> needs.</summary>
internal static class DependencyInjection
{
    public static void AddSecurity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section);
        services.AddOptions<JwtOptions>().BindConfiguration(JwtOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.Configure<RouteOptions>(routes =>
            routes.SuppressCheckForUnhandledSecurityMetadata = true); // AccessControl enforces it
        services.AddScoped<CurrentCaller>();
        services.AddScoped<ICurrentCaller>(provider => provider.GetRequiredService<CurrentCaller>());
        services.AddSingleton<JwtReader>();
        services.AddSingleton<CallerReader>();
        services.AddSingleton<RateLimit>();
        services.AddSingleton<Admission>();
        services.AddHostedService<ListenCheck>(); // after the services that migrate
        if (configuration.GetSection(JwtOptions.Section).Get<JwtOptions>() is not { IsUsed: true } jwt)
            return;

        // No default scheme: otherwise, the middleware that the framework adds by itself would read API keys as JWTs.
        services.AddAuthentication(options => options.DefaultScheme = "").AddJwtBearer(jwt.Apply);
        services.PostConfigure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, JwtOptions.ForgetWithdrawnKeys);
    }
}
