using System.Runtime.InteropServices;

namespace UserCqrs.Web.CommandLine;

/// <summary>Ends a command at the next suitable point when its user presses Ctrl-C or the system sends SIGTERM.</summary>
internal static class Interruption
{
    /// <summary>Runs the work of a command.</summary>
    /// <param name="work">The work.</param>
    /// <param name="explain">What to tell the user after an interruption.</param>
    /// <exception cref="CommandException">The work was interrupted.</exception>
    public static async Task RunAsync(Func<CancellationToken, Task> work, Func<string> explain)
    {
        using var interruption = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        try
        {
            await work(interruption.Token);
        }
        catch (Exception) when (interruption.IsCancellationRequested)
        {
            throw CommandException.Interrupted($"Interrupted. {explain()}");
        }

        void Cancel(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interruption.Cancel();
        }
    }
}
