using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>Who a JWT is about, by ASP.NET Core's own bearer authentication.</summary>
internal sealed partial class JwtReader(
    IOptions<JwtOptions> options, IOptionsMonitor<JwtBearerOptions> bearer, ILogger<JwtReader> logger)
{
    /// <summary>Whether tokens are taken at all.</summary>
    public bool IsUsed => options.Value.IsUsed;

    public async Task<(Caller? Caller, Problem? Refusal)> ReadAsync(HttpContext context)
    {
        try
        {
            // Without the issuer's keys, which are cached here, every token would be taken for a bad one.
            if (bearer.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager is { } issuer)
                await issuer.GetConfigurationAsync(context.RequestAborted);
        }
        catch (InvalidOperationException e)
        {
            LogNoKeys(e.Message);
            return (null, new(ProblemType.Unavailable, "The issuer of tokens does not tell its keys now."));
        }

        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        return result.Succeeded ? (JwtOptions.CallerOf(result.Principal), null)
            : (null, Challenge.Invalid(
                result.Failure is SecurityTokenExpiredException ? "The token has expired." : "The token is not valid here."));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The issuer of tokens does not tell its keys: {Reason}")]
    private partial void LogNoKeys(string reason);
}
