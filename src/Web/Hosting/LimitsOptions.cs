using System.ComponentModel.DataAnnotations;

namespace UserCqrs.Web.Hosting;

/// <summary>
/// The section <c>Limits</c> of the configuration: limits for connections and requests. The size of bodies is not a setting: the
/// contract limits it to 64 KiB.
/// </summary>
internal sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>The default of <see cref="RequestsPerSecond"/> for callers on other machines.</summary>
    public const int RequestsPerSecondByDefault = 1_000;

    /// <summary>The default of <see cref="Connections"/>, if the process may open that many files.</summary>
    public const int ConnectionsByDefault = 20_000;

    /// <summary>The default of <see cref="EventStreamsPerCaller"/> for callers on other machines.</summary>
    public const int EventStreamsPerCallerByDefault = 100;

    /// <summary>
    /// The maximum number of open connections, 1 to 1,000,000; <see cref="ConnectionsByDefault"/> by default. Further connections
    /// are closed at once. The limit is lower if the system lets the process open fewer files, see <see cref="OpenFiles"/>.
    /// </summary>
    [Range(1, 1_000_000)]
    public int? Connections { get; init; }

    /// <summary>How long a connection may be idle between requests, 1 to 3,600 seconds; 130 by default.</summary>
    [Range(1, 3_600)]
    public int KeepAliveSeconds { get; init; } = 130;

    /// <summary>How long a client may take to send the headers of a request, 1 to 300 seconds; 10 by default.</summary>
    [Range(1, 300)]
    public int RequestHeadersSeconds { get; init; } = 10;

    /// <summary>
    /// The maximum size of the headers of a request in octets, 1,024 to 1,048,576; 16,384 by default. The response to more is
    /// 431.
    /// </summary>
    [Range(1_024, 1_048_576)]
    public int RequestHeadersBytes { get; init; } = 16 * 1024;

    /// <summary>
    /// How long a request may take from its headers until its response is sent, 1 to 3,600 seconds; 30 by default. After that,
    /// the response is 408, or the connection is closed if the response has begun. Long responses are exempt: the list of all
    /// users, exports, imports and changes.
    /// </summary>
    [Range(1, 3_600)]
    public int RequestSeconds { get; init; } = 30;

    /// <summary>
    /// The minimum rate at which a client must read a response, 240 to 1,000,000 bytes per second on average. A client that is
    /// slower for more than 5 seconds is disconnected. The default is 4,096, which a phone on GPRS reaches.
    /// </summary>
    [Range(240, 1_000_000)]
    public int ResponseBytesPerSecond { get; init; } = 4_096;

    /// <summary>
    /// The memory for responses larger than 16 KiB that clients have not read yet, 1 to 100,000 MiB; 64 by default. If more is
    /// needed, the client whose response began first is disconnected.
    /// </summary>
    [Range(1, 100_000)]
    public int UnreadMegabytes { get; init; } = 64;

    /// <summary>
    /// The number of requests that each caller may make per second, and up to twice as many at once, 0 to 1,000,000. The
    /// response to more is 429. 0 means no limit. By default, callers on this machine have no limit, and others have
    /// <see cref="RequestsPerSecondByDefault"/>.
    /// </summary>
    [Range(0, 1_000_000)]
    public int? RequestsPerSecond { get; init; }

    /// <summary>
    /// The maximum number of streams of changes that are open at the same time, 1 to 1,000,000; 10,000 by default. The response
    /// to more is 503.
    /// </summary>
    [Range(1, 1_000_000)]
    public int EventStreams { get; init; } = 10_000;

    /// <summary>
    /// The maximum number of streams of changes that each caller may have open at the same time, 1 to 1,000,000. The response to
    /// more is 429. By default, callers on this machine have no limit of their own, and others have
    /// <see cref="EventStreamsPerCallerByDefault"/>.
    /// </summary>
    [Range(1, 1_000_000)]
    public int? EventStreamsPerCaller { get; init; }
}
