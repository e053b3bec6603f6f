namespace UserCqrs.Web.Security;

/// <summary>The scopes of credentials (RFC 6749 §3.3).</summary>
internal static class Scope
{
    /// <summary>Allows reading users, one by one or in lists.</summary>
    public const string Read = "users:read";

    /// <summary>Allows creating, changing and deleting users. It does not include reading.</summary>
    public const string Write = "users:write";

    /// <summary>Allows everything.</summary>
    public const string Admin = "users:admin";

    public static readonly string[] All = [Read, Write, Admin];
}
