using Microsoft.Extensions.Options;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.ApiKeys;

namespace UserCqrs.Web.Security;

/// <summary>Whether callers need a credential, and who is served without one.</summary>
internal sealed class Admission(ApiKeyRing keys, IOptions<AccessOptions> access, IOptions<JwtOptions> jwt)
{
    /// <summary>
    /// Whether every caller needs a credential: there is a key, or there are JWTs. Also true if the database cannot tell now,
    /// because then nobody is admitted.
    /// </summary>
    public async Task<bool> NeedsCredentialAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await keys.HasAnyAsync(cancellationToken) || jwt.Value.IsUsed; // keys first: those of the start are not logged as new
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            return true;
        }
    }

    /// <summary>Who may call now, in words, and whether an operator may not expect it.</summary>
    public async Task<(string Callers, bool IsSurprising)> DescribeAsync(CancellationToken cancellationToken) =>
        await NeedsCredentialAsync(cancellationToken)
            ? (jwt.Value.IsUsed ? $"callers with a JWT of {jwt.Value.Authority?.OriginalString ?? jwt.Value.Issuer} or an API key" : "callers with an API key", false)
        : access.Value.LetAnyoneWhoReachesTheServiceReadAndChangeUsers ? ("anyone who reaches it: there are no API keys", true)
        : access.Value.AllowAnonymousOnLoopback ? ("every program on this machine, until there is an API key (the command keys create makes one)", false)
        : ("nobody: there are no API keys yet. Make one with keys create --name me --scope users:admin, or serve programs on this machine without one by "
            + "Access:AllowAnonymousOnLoopback=true", true);
}
