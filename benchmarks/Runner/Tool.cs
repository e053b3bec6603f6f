using System.ComponentModel;
using System.Diagnostics;

namespace UserCqrs.Runner;

/// <summary>Runs a program to its end, which comes in bounded time.</summary>
internal static class Tool
{
    /// <summary>What it wrote to its output.</summary>
    /// <exception cref="ToolException">It is not installed, failed, or took too long.</exception>
    public static Task<string> RunAsync(
        string program, IEnumerable<string> arguments, TimeSpan bound, CancellationToken cancellationToken, string? folder = null) =>
        RunAsync(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder ?? Paths.Root }, bound, cancellationToken);

    /// <inheritdoc cref="RunAsync(string, IEnumerable{string}, TimeSpan, CancellationToken, string?)"/>
    public static async Task<string> RunAsync(ProcessStartInfo start, TimeSpan bound, CancellationToken cancellationToken)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(bound);
        using var process = Start(start);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return process.ExitCode == 0
                ? await output
                : throw new ToolException(
                    $"{start.FileName} ended with {process.ExitCode}: {LastLine(await errors) ?? LastLine(await output)}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ToolException($"{start.FileName} took longer than {bound.TotalSeconds:N0} s");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new ToolException($"{Path.GetFileName(start.FileName)} is not installed");
        }
    }

    private static string? LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
}

/// <summary>Why something could not be measured.</summary>
internal sealed class ToolException(string message) : Exception(message);
