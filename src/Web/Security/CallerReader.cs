using System.Runtime.CompilerServices;
using System.Security.Claims;
using Microsoft.Extensions.Options;
using UserCqrs.Domain;
using UserCqrs.Infrastructure.ApiKeys;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>
/// Identifies the caller of a request by an API key or a JWT in <c>Authorization: Bearer …</c> (RFC 6750). Until there is a key,
/// <see cref="AccessOptions"/> can admit callers without a credential.
/// </summary>
internal sealed class CallerReader(ApiKeyRing keys, JwtReader jwt, IOptions<AccessOptions> options)
{
    private const string Scheme = "Bearer ";

    private readonly ConditionalWeakTable<ApiKey, ClaimsPrincipal> _callers = [];

    /// <summary>
    /// Returns the caller, or the problem with its credential. A long response calls this again to learn whether the credential
    /// has expired or was revoked.
    /// </summary>
    /// <exception cref="Application.Common.DatabaseUnavailableException">The API keys cannot be read now.</exception>
    public async ValueTask<(ClaimsPrincipal? Caller, Problem? Problem)> ReadAsync(HttpContext context)
    {
        var (caller, problem) = await ReadCredentialAsync(context);
        if (caller is not null || jwt.IsUsed || await keys.HasAnyAsync(context.RequestAborted))
            return (caller, problem);
        return IsOpenTo(context) ? (Caller.Unknown, null) : (null, problem! with { Detail = Challenge.NoKeys });
    }

    private bool IsOpenTo(HttpContext context) => options.Value.LetAnyoneWhoReachesTheServiceReadAndChangeUsers
        || (options.Value.AllowAnonymousOnLoopback && Loopback.IsCaller(context));

    private async ValueTask<(ClaimsPrincipal? Caller, Problem? Problem)> ReadCredentialAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization is not [{ } header]
            || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return (null, Challenge.NoCredential);
        var token = header[Scheme.Length..].Trim();
        if (jwt.IsUsed && !token.StartsWith(ApiKeyToken.Prefix, StringComparison.Ordinal))
            return await jwt.ReadAsync(context);
        var (key, failure) = await keys.FindAsync(token, context.RequestAborted);
        return key is null ? (null, Challenge.Invalid(failure!)) : (_callers.GetValue(key, Caller.Of), null);
    }
}
