using System.CommandLine;
using UserCqrs.Web.CommandLine;
using UserCqrs.Web.Hosting;

try
{
    return await Commands.Create(args).Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (StartupFailure.Explains(e))
{
    await Console.Error.WriteLineAsync(e.Message);
    return StartupFailure.ExitCode;
}
