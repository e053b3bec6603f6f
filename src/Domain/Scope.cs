namespace UserCqrs.Domain;

/// <summary>The scopes of credentials (RFC 6749 §3.3).</summary>
public static class Scope
{
    /// <summary>Allows reading users, one by one or in lists.</summary>
    public const string Read = "users:read";

    /// <summary>Allows creating, changing and deleting users. It does not include reading.</summary>
    public const string Write = "users:write";

    /// <summary>Allows everything.</summary>
    public const string Admin = "users:admin";

    /// <summary>All scopes.</summary>
    public static readonly IReadOnlyList<string> All = [Read, Write, Admin];
}
