using Microsoft.Extensions.Options;
using UserCqrs.Infrastructure.ApiKeys;
using UserCqrs.Web.Http;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>
/// Finds out who calls, by an API key or a JWT in <c>Authorization: Bearer …</c> (RFC 6750), and lets through who may call the
/// route. Until there is a key, <see cref="AccessOptions"/> can let callers in without one.
/// </summary>
internal sealed class AccessControl(
    RequestDelegate next, ApiKeyRing keys, JwtReader jwt, RateLimit rateLimit, IOptions<AccessOptions> options)
{
    private const string Scheme = "Bearer ";

    private const string NoKeys = "The service has no API keys yet, and this caller needs one. Make it on the service's machine, in "
        + "its folder or with its DATABASE_URL, by the program's command keys create --name me --scope users:admin, and send it as "
        + "Authorization: Bearer <key>.";

    private static readonly Problem NoCredential = Challenge.NoCredential();

    public async Task InvokeAsync(HttpContext context)
    {
        if (await RefuseAsync(context) is not { } refusal)
            await next(context);
        else if (refusal.Type != ProblemType.TooManyRequests && await RequestBody.TurnsOutTooLargeAsync(context))
            await new Problem(ProblemType.PayloadTooLarge).ExecuteAsync(context); // 413 comes before 401
        else
            await refusal.ExecuteAsync(context);
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
        if (caller is not null || jwt.IsUsed || await keys.HasAnyAsync(context.RequestAborted))
            return (caller, refusal);
        return IsOpenTo(context) ? (Caller.Unknown, null) : (null, refusal! with { Detail = NoKeys });
    }

    private bool IsOpenTo(HttpContext context) => options.Value.LetAnyoneWhoReachesTheServiceReadAndChangeUsers
        || (options.Value.AllowAnonymousOnLoopback && Loopback.IsCaller(context));

    private async ValueTask<(Caller? Caller, Problem? Refusal)> ReadCredentialAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return (null, NoCredential);
        var token = header[Scheme.Length..].Trim();
        if (jwt.IsUsed && !token.StartsWith(ApiKeyToken.Prefix, StringComparison.Ordinal))
            return await jwt.ReadAsync(context);
        var (key, failure) = await keys.FindAsync(token, context.RequestAborted);
        return key is null ? (null, Challenge.Invalid(failure!)) : (new($"key:{key.Id}", key.Scopes), null);
    }
}
