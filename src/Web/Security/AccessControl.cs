using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using UserCqrs.Infrastructure.ApiKeys;
using UserCqrs.Web.Hosting;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>
/// Finds out who calls, by an API key or a JWT in <c>Authorization: Bearer …</c> (RFC 6750), and lets through who may call the
/// route. Until there is a key, whoever is on this machine may; nobody else.
/// </summary>
internal sealed class AccessControl(
    RequestDelegate next, ApiKeyRing keys, RateLimit rateLimit, IOptions<AccessOptions> access, IOptions<JwtOptions> jwt)
{
    private const string Scheme = "Bearer ";

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
        var route = endpoint?.Metadata.GetMetadata<Access>();
        if (endpoint is RouteEndpoint && route is null)
            throw new InvalidOperationException($"The route {endpoint.DisplayName} does not say who may call it.");

        if (route?.Scope is not { } scope)
            return route is { IsLimited: false } ? null : rateLimit.Refuse(context, caller: null);
        var (caller, failure) = await IdentifyAsync(context);
        return rateLimit.Refuse(context, caller)
            ?? (caller is null ? Unauthorized(context, failure) : caller.May(scope) ? null : Forbidden(context, scope));
    }

    private async ValueTask<(Caller? Caller, string? Failure)> IdentifyAsync(HttpContext context)
    {
        var (caller, failure) = await ReadCredentialAsync(context);
        return caller is null && IsOpenTo(context.Connection) && !await keys.HasAnyAsync(context.RequestAborted)
            ? (Caller.Unknown, null)
            : (caller, failure);
    }

    private bool IsOpenTo(ConnectionInfo connection) =>
        !jwt.Value.IsUsed && (access.Value.LetAnyoneWhoReachesTheServiceReadAndChangeUsers || connection.IsLocal());

    private async ValueTask<(Caller? Caller, string? Failure)> ReadCredentialAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return (null, null);
        var token = header[Scheme.Length..].Trim();
        if (!jwt.Value.IsUsed || token.StartsWith(ApiKeyToken.Prefix, StringComparison.Ordinal))
        {
            var (key, refusal) = await keys.FindAsync(token, context.RequestAborted);
            return (key is null ? null : new(key.Id, key.Scopes), refusal);
        }

        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        return result.Succeeded ? (JwtOptions.CallerOf(result.Principal), null)
            : result.Failure is SecurityTokenExpiredException ? (null, "The token has expired.")
            : (null, "The token is not valid here.");
    }

    // RFC 6750 §3
    private static Problem Unauthorized(HttpContext context, string? failure)
    {
        context.Response.Headers.WWWAuthenticate = failure is null
            ? "Bearer realm=\"users\""
            : $"Bearer realm=\"users\", error=\"invalid_token\", error_description=\"{failure}\"";
        return new(ProblemType.Unauthorized, failure ?? "Send an API key, or a JWT, as Authorization: Bearer.");
    }

    private static Problem Forbidden(HttpContext context, string scope)
    {
        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"users\", error=\"insufficient_scope\", scope=\"{scope}\"";
        return new(ProblemType.Forbidden, $"This needs a credential with the scope {scope}.");
    }
}

/// <summary>Where a connection came in.</summary>
internal static class Connections
{
    /// <summary>Whether it did not come over a network: by a loopback address, or a Unix domain socket, which has none.</summary>
    public static bool IsLocal(this ConnectionInfo connection) =>
        connection.LocalIpAddress is not { } address || IPAddress.IsLoopback(address);
}
