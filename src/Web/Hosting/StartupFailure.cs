using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using UserCqrs.Infrastructure;

namespace UserCqrs.Web.Hosting;

/// <summary>A wrong setting stops the start with a sentence, not with a stack trace.</summary>
internal static class StartupFailure
{
    /// <summary>EX_CONFIG of sysexits.h.</summary>
    public const int ExitCode = 78;

    public static bool Explains(Exception exception) => exception is ConfigurationException or OptionsValidationException
        or InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" }
        or IOException { InnerException: AddressInUseException };
}
