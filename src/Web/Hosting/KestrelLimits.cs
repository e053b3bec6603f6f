using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace UserCqrs.Web.Hosting;

/// <summary>What the server takes from the network.</summary>
internal sealed partial class KestrelLimits(IOptions<LimitsOptions> options, ILogger<KestrelLimits> logger)
    : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>The largest body, in octets. A user is far smaller.</summary>
    public const int MaxBody = 64 * 1024;

    public void Configure(KestrelServerOptions kestrel)
    {
        var limits = options.Value;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 2 * MaxBody; // counts the framing of chunks too; what they hold is counted when read
        kestrel.Limits.MaxConcurrentConnections = ConnectionsWithin(OpenFiles.Limit(), limits.Connections);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(limits.KeepAliveSeconds);
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(limits.RequestHeadersSeconds);
        kestrel.Limits.MaxRequestHeadersTotalSize = limits.RequestHeadersBytes;
        kestrel.Limits.MinResponseDataRate = new(limits.ResponseBytesPerSecond, gracePeriod: TimeSpan.FromSeconds(5));
    }

    private long ConnectionsWithin(long? openFiles, int? setting)
    {
        var wanted = setting ?? LimitsOptions.ConnectionsByDefault;
        if (openFiles is not { } limit || wanted <= limit - OpenFiles.Reserved)
            return wanted;
        var connections = Math.Max(1, limit - OpenFiles.Reserved);
        if (setting is not null || connections < wanted / 2)
            LogFewer(wanted, limit, connections);
        return connections;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Limits:Connections is {Wanted}, but this process may open only {OpenFiles} "
        + "files, and each connection is one. It takes {Connections} connections, which leaves the rest for the program and its "
        + "database. For more, raise the limit of open files (ulimit -n, LimitNOFILE=).")]
    private partial void LogFewer(int wanted, long openFiles, long connections);
}
