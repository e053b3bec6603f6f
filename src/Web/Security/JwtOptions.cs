using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace UserCqrs.Web.Security;

/// <summary>
/// The section <c>Jwt</c> of the configuration: whose tokens are taken (RFC 7519, RFC 9068). The issuer's keys come from its
/// <see cref="Authority"/> or from a file.
/// </summary>
internal sealed class JwtOptions : IValidatableObject
{
    public const string Section = "Jwt";

    // No HMAC: who knows a public key must not be able to sign with it. No "none".
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private const string MediaTypePrefix = "application/"; // which typ may leave out: RFC 7515 §4.1.9

    // RFC 9068 §2.1, and what issuers send that are older than it.
    private static readonly string[] Types = ["at+jwt", "JWT"];

    /// <summary>The issuer, whose <c>/.well-known/openid-configuration</c> leads to its keys: https, or http on loopback.</summary>
    public Uri? Authority { get; init; }

    /// <summary>A file with the issuer's keys, a JSON Web Key Set (RFC 7517 §5), where there is no <see cref="Authority"/>.</summary>
    public string? KeysFile { get; init; }

    /// <summary>Required <c>iss</c>; defaults to the issuer in the discovery document of the <see cref="Authority"/>.</summary>
    public string? Issuer { get; init; }

    /// <summary>What <c>aud</c> must be or hold.</summary>
    public string? Audience { get; init; }

    /// <summary>Whether a token must have <c>typ</c>; true by default. A wrong one is refused in any case.</summary>
    public bool RequireType { get; init; } = true;

    /// <summary>
    /// Whether a token must have <c>aud</c>; true by default. Without it, a token that the issuer made for another service is
    /// accepted here unless it names that service.
    /// </summary>
    public bool RequireAudience { get; init; } = true;

    /// <summary>
    /// A claim, such as <c>roles</c>, whose values are scopes as well as those of <c>scope</c> and <c>scp</c>; none by default.
    /// </summary>
    public string? RolesClaim { get; init; }

    /// <summary>Whether tokens are taken at all.</summary>
    public bool IsUsed => Authority is not null || KeysFile is not null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsUsed && (Issuer ?? Audience) is not null)
            yield return new("Jwt:Authority or Jwt:KeysFile must say where the issuer's keys are.");
        if (IsUsed && string.IsNullOrEmpty(Audience))
            yield return new("Jwt:Audience must be set, to the aud that tokens must have.");
        if (Authority is not null && KeysFile is not null)
            yield return new("Jwt:Authority and Jwt:KeysFile exclude each other.");
        if (Authority is not (null or { IsAbsoluteUri: true, Scheme: "https" or "http" }) || Authority is { Scheme: "http", IsLoopback: false })
            yield return new("Jwt:Authority must be an https URL; http is for loopback.");
        if (Authority is { IsAbsoluteUri: true, UserInfo.Length: > 0 })
            yield return new("Jwt:Authority must not hold a user or a password.");
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
        bearer.RefreshInterval = TimeSpan.FromSeconds(10); // at the least between two requests for a key that is not known here
        bearer.AutomaticRefreshInterval = TimeSpan.FromHours(1); // after which a key that the issuer withdrew is good no more
        bearer.TokenValidationParameters = new()
        {
            ValidIssuer = Issuer,
            AudienceValidator = (audiences, _, _) => audiences.Contains(Audience) || (!RequireAudience && !audiences.Any()),
            ValidAlgorithms = Algorithms,
            TypeValidator = (type, token, _) => ValidateHeader(type, (JsonWebToken)token),
            IssuerSigningKeys = KeysFile is null ? null : ReadKeys(KeysFile),
            ClockSkew = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>
    /// Refuses tokens by keys that the issuer no longer lists. Microsoft's library would accept them for another hour, as part of
    /// the "last known good" configuration.
    /// </summary>
    public static void ForgetWithdrawnKeys(JwtBearerOptions bearer)
    {
        if (bearer.ConfigurationManager is BaseConfigurationManager issuer)
            issuer.UseLastKnownGoodConfiguration = false;
    }

    /// <summary>Who a valid token is about: the subject, or the client that acts for itself.</summary>
    public ClaimsPrincipal CallerOf(ClaimsPrincipal principal) => Caller.Create(
        JwtBearerDefaults.AuthenticationScheme,
        (principal.FindFirstValue("sub") ?? principal.FindFirstValue("client_id")) is { } subject ? $"jwt:{subject}" : null,
        [.. principal.FindAll(HoldsScopes).SelectMany(claim => claim.Value.Split(' '))]);

    // Each member of a JSON array is a claim of its own here.
    private bool HoldsScopes(Claim claim) => claim.ValueType == ClaimValueTypes.String
        && (claim.Type is "scope" or "scp" || claim.Type == RolesClaim);

    private string ValidateHeader(string? type, JsonWebToken token)
    {
        if (token.TryGetHeaderValue<object>("crit", out _)) // no extension is understood here: RFC 7515 §4.1.11
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
