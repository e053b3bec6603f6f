using System.Security.Claims;
using UserCqrs.Application.Common;

namespace UserCqrs.Web.Security;

/// <summary>The claims of <see cref="HttpContext.User"/>: the name tells callers apart, and each scope of the credential is one.</summary>
internal static class Caller
{
    private const string ScopeClaim = "scope"; // RFC 8693 §4.2

    /// <param name="scheme">The authentication scheme that identified the caller.</param>
    /// <param name="id">Such as <c>key:i8k9mT4G</c>; <c>null</c> if nothing but the address tells the caller from others.</param>
    /// <param name="scopes">What the credential allows.</param>
    public static ClaimsPrincipal Create(string scheme, string? id, IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity(scheme);
        if (id is not null)
            identity.AddClaim(new(identity.NameClaimType, id));
        foreach (var scope in scopes)
            identity.AddClaim(new(ScopeClaim, scope));
        return new(identity);
    }

    /// <summary>Whether the caller's credential has the scope, or <see cref="Scope.Admin"/>.</summary>
    public static bool May(this ClaimsPrincipal user, string scope) =>
        user.HasClaim(ScopeClaim, scope) || user.HasClaim(ScopeClaim, Scope.Admin);
}

/// <summary>Tells commands of this request who calls. Set once the caller is authorized.</summary>
internal sealed class CurrentCaller : ICurrentCaller
{
    public string? Id { get; set; }
}
