namespace UserCqrs.Web.Security;

/// <summary>The section <c>Access</c> of the configuration.</summary>
internal sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>
    /// Serves callers on this machine without a credential until there is a key; <c>dotnet run</c> sets it. False by default: a
    /// plain proxy on this machine makes callers from anywhere look like this, and nothing in a request tells them apart. It has
    /// no meaning once there is a key, or with JWT.
    /// </summary>
    public bool AllowAnonymousOnLoopback { get; init; }

    /// <summary>
    /// Lets the service listen on a network without keys and without JWT, where whoever reaches it may read and change every
    /// user. For a network that keeps everybody else out by itself. It has no meaning once there is a key.
    /// </summary>
    public bool LetAnyoneWhoReachesTheServiceReadAndChangeUsers { get; init; }
}
