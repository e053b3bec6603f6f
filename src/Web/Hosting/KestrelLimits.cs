using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace UserCqrs.Web.Hosting;

/// <summary>Applies <see cref="LimitsOptions"/> to Kestrel.</summary>
internal sealed partial class KestrelLimits(IOptions<LimitsOptions> options, ILogger<KestrelLimits> logger)
    : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>The maximum size of a body in octets. A user is far smaller.</summary>
    public const int MaxBody = 64 * 1024;

    public void Configure(KestrelServerOptions kestrel)
    {
        var limits = options.Value;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 2 * MaxBody; // includes the framing of chunks; RequestBody counts their content
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Limits:Connections is {Wanted}, but this process may open only "
        + "{OpenFiles} files, and each connection needs one. The service accepts {Connections} connections and leaves the other "
        + "files to the program and its database. To allow more, raise the limit of open files (ulimit -n, LimitNOFILE=).")]
    private partial void LogFewer(int wanted, long openFiles, long connections);
}
