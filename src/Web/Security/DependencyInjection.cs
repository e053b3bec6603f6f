namespace UserCqrs.Web.Security;

/// <summary>What <see cref="AccessControl"/> needs.</summary>
internal static class DependencyInjection
{
    public static void AddSecurity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section);
        services.AddOptions<JwtOptions>().BindConfiguration(JwtOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<JwtReader>();
        services.AddHostedService<ListenCheck>(); // after what migrates
        if (configuration.GetSection(JwtOptions.Section).Get<JwtOptions>() is not { IsUsed: true } jwt)
            return;

        // No scheme by default: AccessControl asks, and only about what is no key.
        services.AddAuthentication(options => options.DefaultScheme = "").AddJwtBearer(jwt.Apply);
    }
}
