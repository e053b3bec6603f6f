namespace UserCqrs.Web.Security;

/// <summary>What a credential may be good for (RFC 6749 §3.3).</summary>
internal static class Scope
{
    /// <summary>To read users, one by one or in lists.</summary>
    public const string Read = "users:read";

    /// <summary>To create, change and delete users. It does not include reading.</summary>
    public const string Write = "users:write";

    /// <summary>To do everything.</summary>
    public const string Admin = "users:admin";

    public static readonly string[] All = [Read, Write, Admin];
}
