using System.Text.RegularExpressions;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// The connection URI of libpq, which may name several hosts
/// (postgresql.org/docs/current/libpq-connect.html), and SQLAlchemy's form of it, which names a driver in the scheme.
/// </summary>
internal static partial class PostgresUrl
{
    /// <summary>Advice for a user or password with characters that have a meaning in URLs.</summary>
    public const string Escape = "Percent-encode / ? # @ : and % in the user and the password (%2F %3F %23 %40 %3A %25).";

    private const string Form = "postgresql://user:password@host:5432,host2:5432/database?sslmode=verify-full";

    /// <summary>The names of libpq's parameters, with Npgsql's names for them.</summary>
    public static readonly IReadOnlyDictionary<string, string> Names =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["sslmode"] = "SSL Mode",
            ["sslrootcert"] = "Root Certificate",
            ["sslcert"] = "SSL Certificate",
            ["sslkey"] = "SSL Key",
            ["connect_timeout"] = "Timeout",
            ["application_name"] = "Application Name",
            ["options"] = "Options",
            ["passfile"] = "Passfile",
            ["load_balance_hosts"] = "Load Balance Hosts",
        };

    public static bool IsOne(string url) => SchemeOf(url) is "postgresql" or "postgres";

    /// <exception cref="ConfigurationException">
    /// The URL is malformed, or has an unknown or invalid parameter. The message does not quote the URL, because any part of it
    /// may belong to a password that is not percent-encoded.
    /// </exception>
    public static PostgresLocation Parse(string url, string setting)
    {
        var rest = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var (address, query) = Split(rest, rest.IndexOf('?', StringComparison.Ordinal));
        var (authority, database) = Split(address, address.IndexOf('/', StringComparison.Ordinal));
        var at = authority.LastIndexOf('@');
        var (login, hosts) = at < 0 ? ("", authority) : Split(authority, at);
        var (user, password) = Split(login, login.IndexOf(':', StringComparison.Ordinal));

        // An @ after the first / or ? means that the user or the password contains that / or ?.
        if (hosts.Length == 0 || database.Length == 0 || database.Contains('/', StringComparison.Ordinal)
            || (database + query).Contains('@', StringComparison.Ordinal) || StrayPercent().IsMatch(rest))
            throw new ConfigurationException($"{setting} must have the form {Form}. {Escape}");

        var settings = new List<KeyValuePair<string, object?>>
        {
            new("Host", hosts),
            new("Database", Uri.UnescapeDataString(database)),
        };
        if (user.Length > 0)
            settings.Add(new("Username", Uri.UnescapeDataString(user)));
        if (password.Length > 0)
            settings.Add(new("Password", Uri.UnescapeDataString(password)));
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Split(parameter, parameter.IndexOf('=', StringComparison.Ordinal));
            var keyword = Names.GetValueOrDefault(Uri.UnescapeDataString(name), Uri.UnescapeDataString(name));
            value = Uri.UnescapeDataString(value);
            settings.Add(new(keyword, keyword == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value));
        }

        return PostgresLocation.From(settings, setting);
    }

    // An encoded NUL counts too, because PostgreSQL accepts it nowhere.
    [GeneratedRegex("%(?![0-9A-Fa-f]{2})|%00")]
    private static partial Regex StrayPercent();

    private static string SchemeOf(string url) =>
        url.IndexOf("://", StringComparison.Ordinal) is > 0 and var end
            ? url[..end].Split('+')[0].ToLowerInvariant()
            : "";

    private static (string Before, string After) Split(string text, int at) =>
        at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
}
