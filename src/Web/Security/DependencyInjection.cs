using Microsoft.AspNetCore.Authentication.JwtBearer;
using UserCqrs.Application.Common;

namespace UserCqrs.Web.Security;

/// <summary>Authentication, authorization and rate limits.</summary>
internal static class DependencyInjection
{
    public static void AddSecurity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section);
        services.AddOptions<JwtOptions>().BindConfiguration(JwtOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<CurrentCaller>();
        services.AddScoped<ICurrentCaller>(provider => provider.GetRequiredService<CurrentCaller>());
        services.AddScoped<ApiKeyAuthentication>();
        var authentication = services.AddAuthentication(options =>
        {
            options.DefaultScheme = ApiKeyAuthentication.Scheme;
            options.AddScheme<ApiKeyAuthentication>(ApiKeyAuthentication.Scheme, displayName: null);
        });
        var authorization = services.AddAuthorizationBuilder();
        foreach (var scope in Scope.All)
            authorization.AddPolicy(scope, policy => policy.AddRequirements(new ScopeRequirement(scope)));
        services.AddRateLimits();
        services.AddHostedService<ListenCheck>(); // after what migrates
        if (configuration.GetSection(JwtOptions.Section).Get<JwtOptions>() is not { IsUsed: true } jwt)
            return;

        services.AddSingleton<JwtEvents>();
        authentication.AddJwtBearer(jwt.Apply);
        services.PostConfigure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, JwtOptions.ForgetWithdrawnKeys);
    }
}
