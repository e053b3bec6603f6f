namespace UserCqrs.Web.Security;

/// <summary>Who may call a route: said by every route, and enforced by <see cref="AccessControl"/>.</summary>
/// <param name="Scope">What the caller's credential must be good for; <c>null</c>: no credential is asked for.</param>
/// <param name="IsLimited">Whether <see cref="RateLimit"/> counts it.</param>
internal sealed record Access(string? Scope, bool IsLimited = true)
{
    public static readonly Access Anyone = new(Scope: null);

    /// <summary>Whoever watches the service, which nobody else's requests may keep from it.</summary>
    public static readonly Access Probe = new(Scope: null, IsLimited: false);

    public static readonly Access Read = new(Scopes.Read);

    public static readonly Access Write = new(Scopes.Write);
}
