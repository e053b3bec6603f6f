using System.Security.Claims;
using UserCqrs.Application.Common;
using UserCqrs.Infrastructure.ApiKeys;

namespace UserCqrs.Web.Security;

/// <summary>Who calls, in claims: the name tells callers apart, and each scope of the credential is a claim.</summary>
internal static class Caller
{
    private const string ScopeClaim = "scope"; // RFC 8693 §4.2

    /// <summary>Whoever reaches a service that has no keys. Nothing but the address tells these callers apart.</summary>
    public static readonly ClaimsPrincipal Unknown = Create("Anonymous", null, [Scope.Admin]);

    public static ClaimsPrincipal Of(ApiKey key) => Create("ApiKey", $"key:{key.Id}", key.Scopes);

    /// <param name="authenticationType">How the caller was identified.</param>
    /// <param name="name">Such as <c>key:i8k9mT4G</c>.</param>
    /// <param name="scopes">What the credential allows.</param>
    public static ClaimsPrincipal Create(string authenticationType, string? name, IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity(authenticationType);
        if (name is not null)
            identity.AddClaim(new(identity.NameClaimType, name));
        foreach (var scope in scopes)
            identity.AddClaim(new(ScopeClaim, scope));
        return new(identity);
    }

    /// <summary>What the log says of a caller: the id of its key, but not the subject of its JWT, which may be an e-mail address.</summary>
    public static string NameInLog(ClaimsPrincipal caller) =>
        caller.Identity is not { IsAuthenticated: true } identity ? "no caller" : identity.Name?.StartsWith("key:", StringComparison.Ordinal) == true ? identity.Name
        : identity.AuthenticationType!;

    /// <summary>Whether the caller's credential has the scope, or <see cref="Scope.Admin"/>.</summary>
    public static bool May(this ClaimsPrincipal caller, string scope) =>
        caller.HasClaim(ScopeClaim, scope) || caller.HasClaim(ScopeClaim, Scope.Admin);
}

/// <summary>Tells commands who calls. Set once the caller is let in.</summary>
internal sealed class CurrentCaller : ICurrentCaller
{
    public string? Id { get; set; }
}
