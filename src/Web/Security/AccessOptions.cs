namespace UserCqrs.Web.Security;

/// <summary>The section <c>Access</c> of the configuration.</summary>
internal sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>
    /// Lets the service listen on a network without keys and without JWT, where whoever reaches it may read and change every user.
    /// For a network that keeps everybody else out by itself. It has no meaning once there is a key.
    /// </summary>
    public bool LetAnyoneWhoReachesTheServiceReadAndChangeUsers { get; init; }
}
