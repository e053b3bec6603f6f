using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using UserCqrs.Runner.Driving;

namespace UserCqrs.Runner.Contenders;

/// <summary>A running contender. Disposing it kills it and its children.</summary>
internal sealed partial class Server : IDisposable
{
    /// <summary>How long the service may take to index what was stored.</summary>
    public static readonly TimeSpan IndexingBound = TimeSpan.FromHours(1);

    private static readonly TimeSpan StartBound = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private string _lastError = "it said nothing";

    private Server(Contender contender, ProcessStartInfo start, int port, string? key)
    {
        (Contender, Port, Key) = (contender, port, key);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = Tool.Start(start);
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) => _lastError = line.Data ?? _lastError;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Contender Contender { get; }

    public int Port { get; }

    /// <summary>The API key it is to be asked with, if any.</summary>
    public string? Key { get; }

    /// <summary>From before it was started to its first answer.</summary>
    public TimeSpan StartTime { get; private set; }

    /// <summary>Starts it and waits until it answers a request for user 1, with 200 if that is asked for.</summary>
    public static async Task<Server> StartAsync(
        Contender contender, string file, bool hasUsers, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var start = contender.Launch(file, port);
        var key = contender.IsKeyed ? await MakeKeyAsync(start, cancellationToken) : null;
        var started = Stopwatch.StartNew();
        var server = new Server(contender, start, port, key);
        try
        {
            while (!server.Answers(hasUsers))
            {
                if (server._process.HasExited || started.Elapsed > StartBound)
                    throw new ToolException($"{contender.Name} did not start: {server._lastError}");
                await Task.Delay(2, cancellationToken);
            }

            server.StartTime = started.Elapsed;
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Megabytes that it and its children hold in memory.</summary>
    public double ResidentMegabytes() => Family(_process.Id)
        .Select(id => Resident().Match(File.ReadAllText($"/proc/{id}/status")).Groups[1].Value)
        .Sum(kilobytes => double.Parse(kilobytes, CultureInfo.InvariantCulture)) / 1024;

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task<string> MakeKeyAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        string[] command =
            [$"DATABASE_URL={start.Environment["DATABASE_URL"]}", start.FileName, "keys", "create", "--name", "bench", "--scope", "users:read"];
        return (await Tool.RunAsync("env", command, StartBound, cancellationToken)).Trim();
    }

    private static IEnumerable<int> Family(int id) => File.ReadAllText($"/proc/{id}/task/{id}/children")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(child => Family(int.Parse(child, CultureInfo.InvariantCulture)))
        .Prepend(id);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"VmRSS:\s+(\d+) kB")]
    private static partial Regex Resident();

    private bool Answers(bool hasUsers)
    {
        try
        {
            using var connection = new HttpConnection(Port);
            var status = connection.Send(HttpConnection.Get($"{Contender.Routes.Get}1", Key));
            return status == 200 || !hasUsers;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
