using System.Security.Claims;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Web.Security;

/// <summary>The caller as claims: a name that identifies it, and a claim for each scope of its credential.</summary>
internal static class Caller
{
    private const string ScopeClaim = "scope"; // RFC 8693 §4.2

    /// <summary>A caller that is admitted without a credential. Only their addresses distinguish such callers.</summary>
    public static readonly ClaimsPrincipal Unknown = Create("Anonymous", null, [Scope.Admin]);

    public static ClaimsPrincipal Of(ApiKey key) => Create("ApiKey", $"key:{key.Id}", key.Scopes);

    /// <param name="authenticationType">How the caller was identified.</param>
    /// <param name="name">The identity of the caller, such as <c>key:i8k9mT4G</c>.</param>
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

    /// <summary>
    /// The caller in the log: the id of its key, but not the subject of its JWT, which may be an e-mail address.
    /// </summary>
    public static string NameInLog(ClaimsPrincipal caller) =>
        caller.Identity is not { IsAuthenticated: true } identity ? "no caller"
        : identity.Name?.StartsWith("key:", StringComparison.Ordinal) == true ? identity.Name
        : identity.AuthenticationType!;

    /// <summary>Whether the caller's credential has the scope, or <see cref="Scope.Admin"/>.</summary>
    public static bool May(this ClaimsPrincipal caller, string scope) =>
        caller.HasClaim(ScopeClaim, scope) || caller.HasClaim(ScopeClaim, Scope.Admin);
}

/// <summary>Holds the id of the caller for commands. <see cref="AccessControl"/> sets it when it admits the caller.</summary>
internal sealed class CurrentCaller : ICurrentCaller
{
    public string? Id { get; set; }
}
