using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>The built service as a process of its own, on a loopback port of the system's choice.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    /// <summary>What starts the program that was built for the tests.</summary>
    public static readonly string[] Built = ["dotnet", typeof(Program).Assembly.Location];

    private static readonly DirectoryInfo TestOutput = new(AppContext.BaseDirectory); // tests/IntegrationTests/bin/Debug/net10.0
    private static readonly string DotnetRun = $"dotnet run --no-build --configuration {TestOutput.Parent!.Name}";

    private static readonly (string Name, string Value)[] ForTests =
    [
        ("Shutdown__DrainSeconds", "0"), ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("Access__AllowAnonymousOnLoopback", "true"),
    ];

    // A start takes a third less processor time without these; what they give pays off only later.
    private static readonly (string Name, string Value)[] FastStart =
    [
        ("DOTNET_EnableWriteXorExecute", "0"), ("DOTNET_TieredPGO", "0"), ("DOTNET_TC_CallCounting", "0"),
        ("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0"),
    ];

    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private ServiceProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The root of the repository.</summary>
    public static string SourceFolder { get; } = TestOutput.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;

    /// <summary>Everything it has said on standard output and standard error.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>How much memory it occupies now.</summary>
    public long ResidentKilobytes => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);

    /// <summary>How many files, sockets among them, it has open now.</summary>
    public int OpenFiles => Opened.Length;

    /// <summary>What it has mapped into memory, libraries among it.</summary>
    public string MappedFiles => File.ReadAllText($"/proc/{_process.Id}/maps");

    public int OpenSockets => Opened.Count(file => new FileInfo(file).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);

    private string[] Opened => Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd");

    /// <summary>The service as most tests want it: open to callers on this machine until there is a key.</summary>
    public static ServiceProcess Start(string databaseUrl, params (string Name, string Value)[] settings) =>
        Run([], databaseUrl, [.. ForTests, .. settings]);

    /// <summary>The same in a process that may have no more than so many files open.</summary>
    public static ServiceProcess StartWithin(int openFiles, string databaseUrl) => new(StartInfo(
        ["sh", "-c", $"ulimit -n {openFiles}; exec \"$0\" \"$@\"", .. Built], databaseUrl, ForTests));

    /// <summary>By <c>dotnet run</c>, as it stands in the README.</summary>
    public static ServiceProcess RunSource(string[] arguments, string databaseUrl) => new(StartInfo(
        [.. DotnetRun.Split(' '), "--project", Path.Combine(SourceFolder, "src", "Web"), "--", .. arguments], databaseUrl, []));

    /// <summary>A line of the README, in bash. curl shows no progress, and <c>dotnet run</c> does not build.</summary>
    public static ServiceProcess RunShell(string line, string databaseUrl)
    {
        var command = line.Replace("curl ", "curl --silent --show-error ", StringComparison.Ordinal)
            .Replace("dotnet run", DotnetRun, StringComparison.Ordinal);
        return new(StartInfo(["bash", "-c", $"exec 2>&1; cd '{SourceFolder}' && {command}"], databaseUrl, []));
    }

    /// <summary>One of its commands, or itself with options.</summary>
    public static ServiceProcess Run(string[] arguments, string databaseUrl, params (string Name, string Value)[] settings) =>
        new(StartInfo([.. Built, .. arguments], databaseUrl, settings));

    private static ProcessStartInfo StartInfo(string[] command, string databaseUrl, (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Nothing of the tests' own surroundings may decide how the service runs.
        string[] kept = ["PATH", "HOME", "TMPDIR", "DOTNET_ROOT"];
        foreach (var name in start.Environment.Keys.Except(kept).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in FastStart.Concat(settings))
            start.Environment[name] = value;
        if (databaseUrl.Length > 0)
            start.Environment["DATABASE_URL"] = databaseUrl;
        return start;
    }

    /// <summary>Where it listens, once it does.</summary>
    public Task<Uri> ListensAsync(CancellationToken cancellationToken) => _listening.Task.WaitAsync(cancellationToken);

    public async Task<HttpClient> ConnectAsync(CancellationToken cancellationToken) =>
        new() { BaseAddress = await ListensAsync(cancellationToken) };

    /// <summary>Sends SIGTERM, or another signal.</summary>
    public async Task TerminateAsync(CancellationToken cancellationToken, string signal = "TERM")
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Its exit code, once it has ended and all it said is read.</summary>
    public async Task<int> EndsAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            _listening.TrySetException(new InvalidOperationException($"The service ended before it listened: {Output}"));
            return;
        }

        lock (_output)
            _output.AppendLine(line);
        if (Listening().Match(line) is { Success: true } match)
            _listening.TrySetResult(new Uri(match.Groups[1].Value));
    }

    [GeneratedRegex(@"UserCqrs [0-9.]+ serves (http://[^\s\\""]+)")]
    private static partial Regex Listening();
}
