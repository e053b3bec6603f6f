using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace UserCqrs.Web.Hosting;

/// <summary>What the server takes from the network.</summary>
internal sealed class KestrelLimits(IOptions<LimitsOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>The largest body, in octets. A user is far smaller.</summary>
    public const int MaxBody = 64 * 1024;

    public void Configure(KestrelServerOptions kestrel)
    {
        var limits = options.Value;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 2 * MaxBody; // counts the framing of chunks too; what they hold is counted when read
        kestrel.Limits.MaxConcurrentConnections = limits.Connections;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(limits.KeepAliveSeconds);
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(limits.RequestHeadersSeconds);
        kestrel.Limits.MaxRequestHeadersTotalSize = limits.RequestHeadersBytes;
    }
}
