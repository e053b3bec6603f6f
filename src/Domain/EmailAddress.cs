using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace UserCqrs.Domain;

/// <summary>
/// One e-mail address: a local part in the grammar of HTML's <c>input type=email</c>, and a domain that IDNA (RFC 5890, UTS #46)
/// converts to a host name. The address is kept as entered and compared by <see cref="Key"/>.
/// </summary>
public sealed record EmailAddress
{
    /// <summary>
    /// The maximum length of an address in octets, as entered and as a key (RFC 5321 §4.5.3.1.3, without the angle brackets).
    /// </summary>
    public const int MaxLength = 254;

    /// <summary>The maximum length of the local part in octets (RFC 5321 §4.5.3.1.1).</summary>
    public const int MaxLocalPartLength = 64;

    /// <summary>
    /// A regular expression (ECMA-262) that every valid address matches: the grammar of the local part, and the ASCII characters
    /// that a domain may contain. It does not check IDNA or all lengths, so it also matches some invalid addresses.
    /// </summary>
    public const string Pattern = @"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[^\x00-,/:-@\[-`{-\x7F]+$";

    private const int MaxDomainLength = 253;
    private const int MaxLabelLength = 63;

    private static readonly SearchValues<char> LocalPartCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+/=?^_`{|}~-");

    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly IdnMapping Idna = new() { UseStd3AsciiRules = true };

    private static readonly Violation Invalid =
        new("email.invalid", "The e-mail must be one address such as ann@example.org.");

    private EmailAddress(string value, string key) => (Value, Key) = (value, key);

    /// <summary>The address as entered, trimmed and in NFC.</summary>
    public string Value { get; }

    /// <summary>
    /// The normalized address for uniqueness and look-ups: the local part in lower case (invariant culture), the domain as
    /// lower-case A-labels. ASCII only. Dots and plus signs are kept, because only the mail server knows what they mean.
    /// </summary>
    public string Key { get; }

    /// <summary>Parses an address, or returns the rule that it breaks.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out EmailAddress? email, [NotNullWhen(false)] out Violation? violation)
    {
        email = null;
        violation = null;
        var value = Text.IsInterchangeable(text) ? Text.TrimAndCompose(text, MaxLength) : "";
        var at = value?.LastIndexOf('@') ?? -1;
        if (value is null)
            violation = TooLong();
        else if (at < 1 || value.AsSpan(0, at).ContainsAnyExcept(LocalPartCharacters))
            violation = Invalid;
        else if (at > MaxLocalPartLength)
            violation = new("email.localPartTooLong", $"The part before the @ must have at most {MaxLocalPartLength} octets.");
        else if (Encoding.UTF8.GetByteCount(value) > MaxLength)
            violation = TooLong();
        else if (ToAsciiHostName(value[(at + 1)..]) is not { } host)
            violation = Invalid;
        else if (at + 1 + host.Length > MaxLength)
            violation = TooLong();
        else
            email = new(value, string.Concat(value[..at].ToLowerInvariant(), "@", host));
        return violation is null;
    }

    /// <summary>Parses an address that has been validated.</summary>
    /// <exception cref="FormatException">The text breaks a rule.</exception>
    public static EmailAddress Parse(string text) =>
        TryParse(text, out var email, out var violation) ? email : throw new FormatException(violation.Detail);

    private static Violation TooLong() => new("email.tooLong", $"The e-mail must have at most {MaxLength} octets.");

    private static string? ToAsciiHostName(string domain)
    {
        var host = domain.ToLowerInvariant();
        if (!Ascii.IsValid(host) || host.Contains("xn--", StringComparison.Ordinal))
        {
            try
            {
                host = Idna.GetAscii(host).ToLowerInvariant();
            }
            catch (ArgumentException)
            {
                return null;
            }
        }

        return IsHostName(host) ? host : null;
    }

    private static bool IsHostName(string host)
    {
        if (host.Length > MaxDomainLength)
            return false;
        foreach (var range in host.AsSpan().Split('.'))
        {
            var label = host.AsSpan(range);
            if (label.Length is 0 or > MaxLabelLength || label[0] == '-' || label[^1] == '-'
                || label.ContainsAnyExcept(LabelCharacters))
                return false;
        }

        return true;
    }
}
