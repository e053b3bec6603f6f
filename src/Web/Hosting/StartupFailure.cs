using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using UserCqrs.Infrastructure;

namespace UserCqrs.Web.Hosting;

/// <summary>Explains a failed start, for example because of an invalid setting, in a sentence instead of a stack trace.</summary>
internal static class StartupFailure
{
    /// <summary>EX_CONFIG of sysexits.h.</summary>
    public const int ExitCode = 78;

    /// <summary>The explanation for the operator, or <c>null</c> if the exception is an error in the program.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        ConfigurationException => exception.Message,
        OptionsValidationException validation => string.Join(' ', validation.Failures.Select(WithoutPrefix)),
        CryptographicException or FileNotFoundException => $"A certificate cannot be read: {exception.Message}",
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => exception.Message,
        IOException { InnerException: AddressInUseException } =>
            $"{exception.Message} Choose another address, such as --urls http://localhost:5001.",
        InvalidOperationException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" }
            when exception.Message.Contains("certificate", StringComparison.Ordinal) =>
            "An https address needs a certificate: set Kestrel:Certificates:Default:Path and :Password, or let a reverse proxy "
            + "handle https.",
        _ => null,
    };

    // "DataAnnotation validation failed for 'JwtOptions' members: '' with the error: '…'."
    private static string WithoutPrefix(string failure)
    {
        const string before = "with the error: '";
        var start = failure.IndexOf(before, StringComparison.Ordinal);
        return start < 0 ? failure : failure[(start + before.Length)..].TrimEnd('.').TrimEnd('\'');
    }
}
