using System.ComponentModel.DataAnnotations;

namespace UserCqrs.Web.Hosting;

/// <summary>
/// The section <c>Limits</c> of the configuration: what the service takes from the network. Bodies have 64 KiB at the most, by
/// contract.
/// </summary>
internal sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>What <see cref="RequestsPerSecond"/> is off loopback where nothing is said.</summary>
    public const int RequestsPerSecondByDefault = 1_000;

    /// <summary>What <see cref="Connections"/> is by default, if the process may open as many files.</summary>
    public const int ConnectionsByDefault = 20_000;

    /// <summary>
    /// How many connections may be open, 1 to 1,000,000; <see cref="ConnectionsByDefault"/> by default. One more is closed at once.
    /// There are fewer where the system lets the process open fewer files, see <see cref="OpenFiles"/>.
    /// </summary>
    [Range(1, 1_000_000)]
    public int? Connections { get; init; }

    /// <summary>How long a connection may be idle between requests, 1 to 3,600 seconds.</summary>
    [Range(1, 3_600)]
    public int KeepAliveSeconds { get; init; } = 130;

    /// <summary>How long the headers of a request may take to come, 1 to 300 seconds.</summary>
    [Range(1, 300)]
    public int RequestHeadersSeconds { get; init; } = 10;

    /// <summary>How many octets the headers of a request may have, 1,024 to 1,048,576. More are answered 431.</summary>
    [Range(1_024, 1_048_576)]
    public int RequestHeadersBytes { get; init; } = 16 * 1024;

    /// <summary>
    /// How long a request may take from its headers until its response is sent, 1 to 3,600 seconds. Then it is answered 408, or,
    /// if its response has begun, its connection is closed. The list of all users is exempt.
    /// </summary>
    [Range(1, 3_600)]
    public int RequestSeconds { get; init; } = 30;

    /// <summary>
    /// How many bytes of a response a client must take each second on average, 240 to 1,000,000; whoever is slower for more than
    /// 5 seconds is disconnected. By default 4,096, which a phone on GPRS reaches.
    /// </summary>
    [Range(240, 1_000_000)]
    public int ResponseBytesPerSecond { get; init; } = 4_096;

    /// <summary>
    /// How many megabytes may wait in memory for clients to read them, 1 to 100,000, counting responses larger than 16 KiB. If it
    /// were more, the client that has been reading for the longest time is disconnected.
    /// </summary>
    [Range(1, 100_000)]
    public int UnreadMegabytes { get; init; } = 64;

    /// <summary>
    /// How many requests each caller may make in a second, up to twice as many at once, 0 to 1,000,000. More are answered 429.
    /// 0: any number. Where nothing is said: any number for callers on this machine, for others
    /// <see cref="RequestsPerSecondByDefault"/>.
    /// </summary>
    [Range(0, 1_000_000)]
    public int? RequestsPerSecond { get; init; }
}
