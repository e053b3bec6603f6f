using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace UserCqrs.Web.Http;

/// <summary>The section <c>Cors</c> of the configuration.</summary>
internal sealed class CrossOriginOptions : IValidatableObject
{
    /// <summary>
    /// The origins whose pages may call the service from a browser, such as <c>https://app.example.org</c>; none by default.
    /// </summary>
    public string[] Origins { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from origin in Origins
        where !IsOrigin(origin)
        select new ValidationResult(
            $"Cors:Origins has '{origin}', which is not an origin such as https://app.example.org or http://localhost:3000: "
            + "scheme, host, and the port unless it is the scheme's default; no path, no slash at the end, no wildcard.",
            [nameof(Origins)]);

    // The form in which browsers send origins (RFC 6454 §7); any other would never match.
    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6
        && uri.UserInfo.Length == 0
        && uri.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// Lets pages of configured origins call the service (CORS, WHATWG Fetch §3.2). By default, browsers block all of them.
/// </summary>
internal static class CrossOrigin
{
    public static IServiceCollection AddCrossOrigin(this IServiceCollection services)
    {
        services.AddOptions<CrossOriginOptions>().BindConfiguration("Cors").ValidateDataAnnotations()
            .Validate<IConfiguration>(
                (_, configuration) => string.IsNullOrEmpty(configuration["Cors:Origins"]), // the binder would ignore it
                "Cors:Origins is a list: set the first origin as Cors:Origins:0, the second as Cors:Origins:1.")
            .ValidateOnStart();
        return services.AddCors();
    }

    public static void UseCrossOrigin(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<IOptions<CrossOriginOptions>>().Value.Origins;
        if (origins.Length == 0)
            return;
        app.UseCors(policy => policy.WithOrigins(origins)
            .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
            .WithHeaders("Authorization", "Content-Type", "If-Match", "If-None-Match", "Last-Event-ID", IdempotencyHeader.Name)
            .WithExposedHeaders(
                "ETag", "Location", "Link", "Retry-After", "WWW-Authenticate", "Accept-Patch", IdempotencyHeader.Replayed));
    }
}
