using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using UserCqrs.Infrastructure;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>What this service adds to ASP.NET Core's own bearer authentication.</summary>
internal sealed class JwtEvents(IOptions<JwtOptions> options, ILogger<JwtEvents> logger, TimeProvider clock) : JwtBearerEvents
{
    private readonly TroubleLog _noKeys = new(logger, clock, "The issuer of tokens does not tell its keys");

    /// <summary>Without the issuer's keys, which are cached here, every token would be taken for a bad one.</summary>
    public override async Task MessageReceived(MessageReceivedContext context)
    {
        try
        {
            if (context.Options.ConfigurationManager is { } issuer)
                await issuer.GetConfigurationAsync(context.HttpContext.RequestAborted);
        }
        catch (InvalidOperationException e)
        {
            _noKeys.Occurred(e.Message);
            context.Fail(new CredentialRefusedException(new(ProblemType.Unavailable, "The issuer of tokens does not tell its keys now.")));
        }
    }

    public override Task TokenValidated(TokenValidatedContext context)
    {
        context.Principal = options.Value.CallerOf(context.Principal!);
        return Task.CompletedTask;
    }
}
