using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace UserCqrs.Web.Hosting;

/// <summary>What the server takes from the network.</summary>
internal static class KestrelLimits
{
    /// <summary>The largest body, in octets. A user is far smaller.</summary>
    public const int MaxBody = 64 * 1024;

    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 2 * MaxBody; // counts the framing of chunks too; what they hold is counted when read
    }
}
