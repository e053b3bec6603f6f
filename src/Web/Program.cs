using UserCqrs.Web.CommandLine;
using UserCqrs.Web.Hosting;

FileModes.KeepFromOthers();
try
{
    return await Commands.RunAsync(args);
}
catch (CommandException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return e.ExitCode;
}
catch (Exception e) when (StartupFailure.Explain(e) is { } explanation)
{
    await Console.Error.WriteLineAsync(explanation);
    return StartupFailure.ExitCode;
}
