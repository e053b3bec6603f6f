using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using UserCqrs.Infrastructure;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>Identifies the caller of a JWT by ASP.NET Core's bearer authentication.</summary>
internal sealed class JwtReader(
    IOptions<JwtOptions> options, IOptionsMonitor<JwtBearerOptions> bearer, ILogger<JwtReader> logger, TimeProvider clock)
{
    private readonly FaultLog _noKeys = new(logger, clock, "The issuer of tokens does not provide its keys");

    /// <summary>Whether JWTs are accepted.</summary>
    public bool IsUsed => options.Value.IsUsed;

    public async Task<(ClaimsPrincipal? Caller, Problem? Problem)> ReadAsync(HttpContext context)
    {
        try
        {
            // Without the issuer's keys, every token would seem invalid. The configuration manager caches them.
            if (bearer.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager is { } issuer)
                await issuer.GetConfigurationAsync(context.RequestAborted);
        }
        catch (InvalidOperationException e)
        {
            _noKeys.Occurred(e.Message);
            return (null, new(ProblemType.Unavailable, "The issuer of tokens does not provide its keys now."));
        }

        // The result is that of the first call for this request, so a token that has expired since must be recognized here.
        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (result.Failure is SecurityTokenExpiredException
            || result.Properties?.ExpiresUtc + JwtOptions.ClockSkew < clock.GetUtcNow())
            return (null, Challenge.Invalid("The token has expired."));
        return result.Succeeded
            ? (options.Value.CallerOf(result.Principal), null)
            : (null, Challenge.Invalid("The token is not valid here."));
    }
}
