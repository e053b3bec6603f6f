using FastEndpoints;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using UserCqrs.Infrastructure.ApiKeys;
using UserCqrs.Web.Http;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>
/// The default authentication scheme: finds out who calls by an API key in <c>Authorization: Bearer …</c> (RFC 6750), and leaves
/// any other token to <see cref="JwtBearerHandler"/>. Until there is a key, <see cref="AccessOptions"/> can let callers in without.
/// </summary>
internal sealed class ApiKeyAuthentication(
    ApiKeyRing keys, IOptions<JwtOptions> jwt, IOptions<AccessOptions> access, CurrentCaller caller) : IAuthenticationHandler
{
    public const string Scheme = "ApiKey";

    private const string Bearer = "Bearer ";

    private HttpContext _context = null!;
    private Task<AuthenticateResult>? _result;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _context = context;
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync() => _result ??= IdentifyAsync();

    /// <summary>401.</summary>
    public async Task ChallengeAsync(AuthenticationProperties? properties) =>
        await RefuseAsync((await AuthenticateAsync()).Failure switch
        {
            null => Challenge.NoCredential(),
            CredentialRefusedException refused => refused.Problem,
            SecurityTokenExpiredException => Challenge.Invalid("The token has expired."),
            _ => Challenge.Invalid("The token is not valid here."),
        });

    /// <summary>403.</summary>
    public Task ForbidAsync(AuthenticationProperties? properties) =>
        RefuseAsync(Challenge.NoScope(_context.GetEndpoint()!.Metadata.GetRequiredMetadata<EndpointDefinition>().PreBuiltUserPolicies!.Single()));

    private async Task<AuthenticateResult> IdentifyAsync()
    {
        if (_context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is null)
            return AuthenticateResult.NoResult(); // nobody is asked who they are, so neither is the database

        var result = await ReadCredentialAsync();
        if (!result.Succeeded && !jwt.Value.IsUsed && !await keys.HasAnyAsync(_context.RequestAborted))
            result = IsOpenToAnyone() ? Success(null, [Scope.Admin]) : Fail(Challenge.NoKeys());
        caller.Id = result.Principal?.Identity?.Name;
        return result;
    }

    private async Task<AuthenticateResult> ReadCredentialAsync()
    {
        if (_context.Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return AuthenticateResult.NoResult();
        var token = header[Bearer.Length..].Trim();
        if (jwt.Value.IsUsed && !token.StartsWith(ApiKeyToken.Prefix, StringComparison.Ordinal))
            return await _context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        var (key, refusal) = await keys.FindAsync(token, _context.RequestAborted);
        return key is null ? Fail(Challenge.Invalid(refusal!)) : Success($"key:{key.Id}", key.Scopes);
    }

    private bool IsOpenToAnyone() => access.Value.LetAnyoneWhoReachesTheServiceReadAndChangeUsers
        || (access.Value.AllowAnonymousOnLoopback && Loopback.IsCaller(_context));

    private async Task RefuseAsync(Problem problem)
    {
        if (await RequestBody.TurnsOutTooLargeAsync(_context))
            problem = new(ProblemType.PayloadTooLarge); // 413 comes before 401
        await problem.ExecuteAsync(_context);
    }

    private static AuthenticateResult Success(string? id, IEnumerable<string> scopes) =>
        AuthenticateResult.Success(new(Caller.Create(Scheme, id, scopes), Scheme));

    private static AuthenticateResult Fail(Problem problem) => AuthenticateResult.Fail(new CredentialRefusedException(problem));
}

/// <summary>A credential is not accepted; the problem says why. Never thrown: it is how the framework passes a failure on.</summary>
internal sealed class CredentialRefusedException(Problem problem) : AuthenticationFailureException(problem.Detail!)
{
    public Problem Problem => problem;
}
