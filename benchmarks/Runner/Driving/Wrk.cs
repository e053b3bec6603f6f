using System.Globalization;
using System.Text.RegularExpressions;
using UserCqrs.Runner.Contenders;

namespace UserCqrs.Runner.Driving;

/// <summary>Saturation: as many requests as the connections can take, by wrk with one of its scripts.</summary>
internal static partial class Wrk
{
    private const int TimeoutSeconds = 30;

    public static async Task<Load> RunAsync(Server server, Traffic traffic, int seconds, CancellationToken cancellationToken)
    {
        var output = await Tool.RunAsync("wrk",
            [
                "-t", "1", "-c", $"{traffic.Connections}", "-d", $"{seconds}s", "--timeout", $"{TimeoutSeconds}s",
                .. server.Key is null ? (string[])[] : ["-H", $"Authorization: Bearer {server.Key}"],
                "-s", $"{traffic.Script}.lua", $"http://127.0.0.1:{server.Port}{traffic.Path}", "--", .. traffic.Arguments,
            ],
            TimeSpan.FromSeconds(seconds + 2 * TimeoutSeconds), cancellationToken, Path.Combine(Paths.Benchmarks, "wrk"));
        var numbers = Result().Match(output).Groups.Values.Skip(1)
            .Select(group => long.Parse(group.Value, CultureInfo.InvariantCulture)).ToArray();
        return new(numbers[0] / (numbers[1] / 1e6), numbers[0], numbers[2], numbers[3]);
    }

    [GeneratedRegex(@"RESULT requests=(\d+) microseconds=(\d+) refused=(\d+) socket=(\d+)")]
    private static partial Regex Result();
}

/// <summary>What is sent.</summary>
internal sealed record Traffic(string Script, int Connections, string[] Arguments, string Path = "/");

/// <summary>What came back.</summary>
/// <param name="PerSecond">Answers per second.</param>
/// <param name="Answers">How many in all.</param>
/// <param name="Refused">Those that were neither 2xx nor 3xx.</param>
/// <param name="Broken">Errors of sockets, time-outs included.</param>
internal sealed record Load(double PerSecond, long Answers, long Refused, long Broken)
{
    public long Failed => Refused + Broken;
}
