namespace UserCqrs.Web.Security;

/// <summary>The section <c>Access</c> of the configuration.</summary>
internal sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>
    /// Admits callers on this machine without a credential until there is a key; <c>dotnet run</c> sets it. False by default,
    /// because behind a plain proxy on this machine, all callers appear to be on this machine. It has no effect once there is a
    /// key, or with JWT.
    /// </summary>
    public bool AllowAnonymousOnLoopback { get; init; }

    /// <summary>
    /// Lets the service listen on a network without keys and without JWT. Every caller that reaches it may read and change all
    /// users. For networks that only trusted callers can reach. False by default. It has no effect once there is a key, or with
    /// JWT.
    /// </summary>
    public bool LetAnyoneWhoReachesTheServiceReadAndChangeUsers { get; init; }
}
