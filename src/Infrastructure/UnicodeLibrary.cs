using UserCqrs.Domain;

namespace UserCqrs.Infrastructure;

/// <summary>ICU, the library that .NET uses for Unicode. Names and the keys of e-mail addresses depend on it.</summary>
internal static class UnicodeLibrary
{
    private const string Decomposed = "ann@\uff42u\u0308cher.example"; // with a full-width b
    private const string Composed = "ann@\uff42\u00fccher.example";
    private const string Key = "ann@xn--bcher-kva.example";

    /// <summary>Checks that NFC and IDNA work. Without the library, they silently leave text unchanged.</summary>
    /// <exception cref="ConfigurationException">NFC or IDNA does not work.</exception>
    public static void Require()
    {
        if (!EmailAddress.TryParse(Decomposed, out var email, out _) || email is not { Value: Composed, Key: Key })
        {
            throw new ConfigurationException(
                "This process cannot normalize Unicode text, so the same e-mail address could be stored twice. "
                + "Unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT, or set it to false, and install ICU (libicu).");
        }
    }
}
