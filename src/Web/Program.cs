using System.CommandLine;
using UserCqrs.Web.CommandLine;
using UserCqrs.Web.Hosting;

FileModes.KeepFromOthers();
try
{
    return await Commands.Create(args).Parse(args).InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null, // SIGTERM is the host's: what is in flight finishes
    });
}
catch (Exception e) when (StartupFailure.Explains(e))
{
    await Console.Error.WriteLineAsync(e.Message);
    return StartupFailure.ExitCode;
}
