using System.Net;
using Microsoft.Extensions.Options;
using UserCqrs.Infrastructure.ApiKeys;
using UserCqrs.Web.Hosting;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>
/// Finds out who calls, by an API key or a JWT in <c>Authorization: Bearer …</c> (RFC 6750), and lets through who may call the
/// route. Until there is a key, whoever is on this machine may; nobody else.
/// </summary>
internal sealed class AccessControl(
    RequestDelegate next, ApiKeyRing keys, JwtReader jwt, RateLimit rateLimit, IOptions<AccessOptions> options)
{
    private const string Scheme = "Bearer ";

    private static readonly Problem NoCredential = Challenge.NoCredential();

    public async Task InvokeAsync(HttpContext context)
    {
        if (await RefuseAsync(context) is { } refusal)
            await refusal.ExecuteAsync(context);
        else
            await next(context);
    }

    private async ValueTask<Problem?> RefuseAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var access = endpoint?.Metadata.GetMetadata<Access>();
        if (endpoint is RouteEndpoint && access is null)
            throw new InvalidOperationException($"The route {endpoint.DisplayName} does not say who may call it.");

        if (access?.Scope is not { } scope)
            return access is { IsLimited: false } ? null : rateLimit.Refuse(context, caller: null);
        var (caller, refusal) = await IdentifyAsync(context);
        return rateLimit.Refuse(context, caller) ?? refusal ?? (caller!.May(scope) ? null : Challenge.NoScope(scope));
    }

    private async ValueTask<(Caller? Caller, Problem? Refusal)> IdentifyAsync(HttpContext context)
    {
        var (caller, refusal) = await ReadCredentialAsync(context);
        return caller is null && IsOpenTo(context.Connection) && !await keys.HasAnyAsync(context.RequestAborted)
            ? (Caller.Unknown, null)
            : (caller, refusal);
    }

    private bool IsOpenTo(ConnectionInfo connection) =>
        !jwt.IsUsed && (options.Value.LetAnyoneWhoReachesTheServiceReadAndChangeUsers || connection.IsLocal());

    private async ValueTask<(Caller? Caller, Problem? Refusal)> ReadCredentialAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return (null, NoCredential);
        var token = header[Scheme.Length..].Trim();
        if (jwt.IsUsed && !token.StartsWith(ApiKeyToken.Prefix, StringComparison.Ordinal))
            return await jwt.ReadAsync(context);
        var (key, failure) = await keys.FindAsync(token, context.RequestAborted);
        return key is null ? (null, Challenge.Invalid(failure!)) : (new(key.Id, key.Scopes), null);
    }
}

/// <summary>What a caller is told of its credential: 401 or 403, with <c>WWW-Authenticate</c> (RFC 6750 §3).</summary>
internal static class Challenge
{
    private const string Bearer = "Bearer realm=\"users\"";

    public static Problem NoCredential() =>
        new(ProblemType.Unauthorized, "Send an API key, or a JWT, as Authorization: Bearer.") { Challenge = Bearer };

    public static Problem Invalid(string why) =>
        new(ProblemType.Unauthorized, why) { Challenge = $"{Bearer}, error=\"invalid_token\", error_description=\"{why}\"" };

    public static Problem NoScope(string scope) =>
        new(ProblemType.Forbidden, $"This needs a credential with the scope {scope}.")
        {
            Challenge = $"{Bearer}, error=\"insufficient_scope\", scope=\"{scope}\"",
        };
}

/// <summary>Where a connection came in.</summary>
internal static class Connections
{
    /// <summary>Whether it did not come over a network: by a loopback address, or a Unix domain socket, which has none.</summary>
    public static bool IsLocal(this ConnectionInfo connection) =>
        connection.LocalIpAddress is not { } address || IPAddress.IsLoopback(address);
}
