using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace UserCqrs.Web.Security;

/// <summary>
/// The section <c>Jwt</c> of the configuration: the issuer whose tokens are accepted (RFC 7519, RFC 9068). Its keys come from its
/// <see cref="Authority"/> or from a file.
/// </summary>
internal sealed class JwtOptions : IValidatableObject
{
    public const string Section = "Jwt";

    // No HMAC, because a public key could then be used to sign a token. No "none".
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private const string MediaTypePrefix = "application/"; // typ may omit it: RFC 7515 §4.1.9

    // The type of RFC 9068 §2.1, and the type that older issuers send.
    private static readonly string[] Types = ["at+jwt", "JWT"];

    /// <summary>How far the clocks of the issuer and of the service may differ: 30 seconds.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The URL of the issuer, whose <c>/.well-known/openid-configuration</c> leads to its keys: https, or http on loopback.
    /// </summary>
    public Uri? Authority { get; init; }

    /// <summary>A file with the issuer's keys, a JSON Web Key Set (RFC 7517 §5), instead of an <see cref="Authority"/>.</summary>
    public string? KeysFile { get; init; }

    /// <summary>The required <c>iss</c>; by default, the issuer in the discovery document of <see cref="Authority"/>.</summary>
    public string? Issuer { get; init; }

    /// <summary>The value that <c>aud</c> must be or contain.</summary>
    public string? Audience { get; init; }

    /// <summary>Whether a token must have <c>typ</c>; true by default. A wrong <c>typ</c> is always rejected.</summary>
    public bool RequireType { get; init; } = true;

    /// <summary>
    /// Whether a token must have <c>aud</c>; true by default. If false, tokens without <c>aud</c> are accepted, even if the
    /// issuer made them for another service.
    /// </summary>
    public bool RequireAudience { get; init; } = true;

    /// <summary>
    /// A claim, such as <c>roles</c>, whose values are used as scopes in addition to <c>scope</c> and <c>scp</c>; none by
    /// default.
    /// </summary>
    public string? RolesClaim { get; init; }

    /// <summary>Whether JWTs are accepted.</summary>
    public bool IsUsed => Authority is not null || KeysFile is not null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsUsed && (Issuer ?? Audience) is not null)
            yield return new("Jwt:Authority or Jwt:KeysFile must say where the issuer's keys are.");
        if (IsUsed && string.IsNullOrEmpty(Audience))
            yield return new("Jwt:Audience must be set, to the aud that tokens must have.");
        if (Authority is not null && KeysFile is not null)
            yield return new("Jwt:Authority and Jwt:KeysFile exclude each other.");
        if (Authority is not (null or { IsAbsoluteUri: true, Scheme: "https" or "http" })
            || Authority is { Scheme: "http", IsLoopback: false })
            yield return new("Jwt:Authority must be an https URL; http is for loopback.");
        if (Authority is { IsAbsoluteUri: true, UserInfo.Length: > 0 })
            yield return new("Jwt:Authority must not contain a user or a password.");
        if (KeysFile is not null && string.IsNullOrEmpty(Issuer))
            yield return new("Jwt:Issuer must say whose tokens Jwt:KeysFile is for.");
        if (KeysFile is not null && !File.Exists(KeysFile))
            yield return new($"Jwt:KeysFile names {Path.GetFullPath(KeysFile)}, which does not exist.");
        else if (KeysFile is not null && ReadKeys(KeysFile) is not { Count: > 0 })
            yield return new($"Jwt:KeysFile names {KeysFile}, which is not a JSON Web Key Set with a key in it.");
    }

    public void Apply(JwtBearerOptions bearer)
    {
        bearer.MapInboundClaims = false;
        bearer.Authority = Authority?.ToString();
        bearer.RequireHttpsMetadata = Authority is { IsLoopback: false };
        bearer.BackchannelTimeout = TimeSpan.FromSeconds(5);
        bearer.RefreshInterval = TimeSpan.FromSeconds(10); // the shortest time between two requests for unknown keys
        bearer.AutomaticRefreshInterval = TimeSpan.FromHours(1); // after that, a key that the issuer withdrew is invalid
        bearer.TokenValidationParameters = new()
        {
            ValidIssuer = Issuer,
            AudienceValidator = (audiences, _, _) => audiences.Contains(Audience) || (!RequireAudience && !audiences.Any()),
            ValidAlgorithms = Algorithms,
            TypeValidator = (type, token, _) => ValidateHeader(type, (JsonWebToken)token),
            IssuerSigningKeys = KeysFile is null ? null : ReadKeys(KeysFile),
            ClockSkew = ClockSkew,
        };
    }

    /// <summary>
    /// Rejects tokens signed with keys that the issuer no longer lists. Microsoft's library would accept them for another hour,
    /// as part of the "last known good" configuration.
    /// </summary>
    public static void ForgetWithdrawnKeys(JwtBearerOptions bearer)
    {
        if (bearer.ConfigurationManager is BaseConfigurationManager issuer)
            issuer.UseLastKnownGoodConfiguration = false;
    }

    /// <summary>The caller of a valid token: its subject or, for a client that acts for itself, the client.</summary>
    public ClaimsPrincipal CallerOf(ClaimsPrincipal principal) => Caller.Create(
        JwtBearerDefaults.AuthenticationScheme,
        (principal.FindFirstValue("sub") ?? principal.FindFirstValue("client_id")) is { } subject ? $"jwt:{subject}" : null,
        [.. principal.FindAll(HoldsScopes).SelectMany(claim => claim.Value.Split(' '))]);

    // Each element of a JSON array is a separate claim here.
    private bool HoldsScopes(Claim claim) => claim.ValueType == ClaimValueTypes.String
        && (claim.Type is "scope" or "scp" || claim.Type == RolesClaim);

    private string ValidateHeader(string? type, JsonWebToken token)
    {
        if (token.TryGetHeaderValue<object>("crit", out _)) // the service supports no extensions: RFC 7515 §4.1.11
            throw new SecurityTokenValidationException("The token has a critical header parameter.");
        if (string.IsNullOrEmpty(type) ? RequireType : !Types.Contains(WithoutPrefix(type), StringComparer.OrdinalIgnoreCase))
            throw new SecurityTokenInvalidTypeException("The token is not of a type that is accepted here.");
        return type ?? "";
    }

    private static string WithoutPrefix(string type) =>
        type.StartsWith(MediaTypePrefix, StringComparison.OrdinalIgnoreCase) ? type[MediaTypePrefix.Length..] : type;

    private static IList<SecurityKey>? ReadKeys(string file)
    {
        try
        {
            return new JsonWebKeySet(File.ReadAllText(file)).GetSigningKeys();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or JsonException)
        {
            return null;
        }
    }
}
