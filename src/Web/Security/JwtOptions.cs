using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
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

    // RFC 9068 §2.1, and what issuers send that are older than it.
    private static readonly string[] Types = ["at+jwt", "application/at+jwt", "JWT"];

    /// <summary>The issuer, whose <c>/.well-known/openid-configuration</c> leads to its keys: https, or http on loopback.</summary>
    public Uri? Authority { get; init; }

    /// <summary>A file with the issuer's keys, a JSON Web Key Set (RFC 7517 §5), where there is no <see cref="Authority"/>.</summary>
    public string? KeysFile { get; init; }

    /// <summary>What <c>iss</c> must be; with an <see cref="Authority"/>, what that says of itself.</summary>
    public string? Issuer { get; init; }

    /// <summary>What <c>aud</c> must be or hold.</summary>
    public string? Audience { get; init; }

    /// <summary>Whether tokens are taken at all.</summary>
    public bool IsUsed => Authority is not null || KeysFile is not null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsUsed && (Issuer ?? Audience) is not null)
            yield return new("Jwt:Authority or Jwt:KeysFile must say where the issuer's keys are.");
        if (IsUsed && string.IsNullOrEmpty(Audience))
            yield return new("Jwt:Audience must say for whom tokens must be.");
        if (Authority is not null && KeysFile is not null)
            yield return new("Jwt:Authority and Jwt:KeysFile exclude each other.");
        if (Authority is not (null or { IsAbsoluteUri: true, Scheme: "https" or "http" }) || Authority is { Scheme: "http", IsLoopback: false })
            yield return new("Jwt:Authority must be an https URL; http is for loopback.");
        if (KeysFile is not null && string.IsNullOrEmpty(Issuer))
            yield return new("Jwt:Issuer must say whose tokens Jwt:KeysFile is for.");
        if (KeysFile is not null && ReadKeys(KeysFile) is not { Count: > 0 })
            yield return new($"Jwt:KeysFile names {KeysFile}, which is no JSON Web Key Set with a key in it.");
    }

    public void Apply(JwtBearerOptions bearer)
    {
        bearer.MapInboundClaims = false;
        bearer.Authority = Authority?.ToString();
        bearer.RequireHttpsMetadata = Authority is { IsLoopback: false };
        bearer.BackchannelTimeout = TimeSpan.FromSeconds(5);
        bearer.TokenValidationParameters = new()
        {
            ValidIssuer = Issuer,
            ValidAudience = Audience,
            ValidAlgorithms = Algorithms,
            ValidTypes = Types,
            IssuerSigningKeys = KeysFile is null ? null : ReadKeys(KeysFile),
            ClockSkew = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>Who a valid token is about: the subject, or the client that acts for itself.</summary>
    public static Caller CallerOf(ClaimsPrincipal principal) => new(
        (principal.FindFirstValue("sub") ?? principal.FindFirstValue("client_id")) is { } subject ? $"jwt:{subject}" : null,
        [.. principal.FindAll("scope").SelectMany(scope => scope.Value.Split(' '))]);

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
