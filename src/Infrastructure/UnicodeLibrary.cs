using UserCqrs.Domain;

namespace UserCqrs.Infrastructure;

/// <summary>The library that .NET asks about Unicode: ICU. Names and the keys of e-mail addresses rest on it.</summary>
internal static class UnicodeLibrary
{
    private const string Decomposed = "ann@\uff42u\u0308cher.example"; // with a full-width b
    private const string Composed = "ann@\uff42\u00fccher.example";
    private const string Key = "ann@xn--bcher-kva.example";

    /// <summary>Tries NFC and IDNA, which without the library silently leave text as it is.</summary>
    /// <exception cref="ConfigurationException">They do not work.</exception>
    public static void Require()
    {
        if (!EmailAddress.TryParse(Decomposed, out var email, out _) || email is not { Value: Composed, Key: Key })
        {
            throw new ConfigurationException(
                "This process cannot normalize Unicode text, without which one e-mail address could be stored twice. "
                + "Unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT, or set it to false, and install ICU (libicu).");
        }
    }
}
