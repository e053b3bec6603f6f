namespace UserCqrs.Web.Security;

/// <summary>Who calls.</summary>
/// <param name="Id">What tells one caller from another; <c>null</c>: nothing but the address does.</param>
/// <param name="Granted">What its credential is good for.</param>
internal sealed record Caller(string? Id, IReadOnlyList<string> Granted)
{
    /// <summary>Whoever reaches a service that has no keys.</summary>
    public static readonly Caller Unknown = new(null, [Scopes.Admin]);

    public bool May(string scope) => Granted.Contains(scope) || Granted.Contains(Scopes.Admin);
}
