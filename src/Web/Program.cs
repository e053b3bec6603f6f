using UserCqrs.Web.CommandLine;
using UserCqrs.Web.Hosting;

FileModes.KeepFromOthers();
try
{
    return await Commands.RunAsync(args);
}
catch (UsageException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return UsageException.ExitCode;
}
catch (Exception e) when (StartupFailure.Explain(e) is { } explanation)
{
    await Console.Error.WriteLineAsync(explanation);
    return StartupFailure.ExitCode;
}
