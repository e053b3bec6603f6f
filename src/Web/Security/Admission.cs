using Microsoft.Extensions.Options;
using UserCqrs.Application.Common;
using UserCqrs.Infrastructure.ApiKeys;

namespace UserCqrs.Web.Security;

/// <summary>Determines whether callers need a credential, and which callers are admitted without one.</summary>
internal sealed class Admission(ApiKeyRing keys, IOptions<AccessOptions> access, IOptions<JwtOptions> jwt)
{
    /// <summary>
    /// Whether every caller needs a credential: there is a key, or JWTs are accepted. Also true if the database is unavailable,
    /// because then no caller is admitted.
    /// </summary>
    public async Task<bool> NeedsCredentialAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Always reads the keys, so that those that exist at start are not logged as new later.
            return await keys.HasAnyAsync(cancellationToken) || jwt.Value.IsUsed;
        }
        catch (DatabaseUnavailableException)
        {
            return true;
        }
    }

    /// <summary>Describes which callers are admitted now, and whether this may surprise an operator.</summary>
    public async Task<(string Callers, bool IsSurprising)> DescribeAsync(CancellationToken cancellationToken) =>
        await NeedsCredentialAsync(cancellationToken)
            ? (jwt.Value.IsUsed
                ? $"callers with a JWT of {jwt.Value.Authority?.OriginalString ?? jwt.Value.Issuer} or an API key"
                : "callers with an API key", false)
        : access.Value.LetAnyoneWhoReachesTheServiceReadAndChangeUsers ? ("anyone who reaches it: there are no API keys", true)
        : access.Value.AllowAnonymousOnLoopback
            ? ("every program on this machine, until there is an API key (the command keys create makes one)", false)
        : ("nobody: there are no API keys yet. Make one with keys create --name me --scope users:admin, or set "
            + "Access:AllowAnonymousOnLoopback=true to admit programs on this machine without a key", true);
}
