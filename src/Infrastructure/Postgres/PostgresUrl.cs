using Npgsql;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// The connection URI of libpq, which may name several hosts
/// (postgresql.org/docs/current/libpq-connect.html), and SQLAlchemy's form of it, which names a driver in the scheme.
/// </summary>
internal static class PostgresUrl
{
    private const string Form = "postgresql://user:password@host:5432,host2:5432/database?sslmode=verify-full";

    // libpq's names for what Npgsql calls otherwise.
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
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

    /// <exception cref="ConfigurationException">It is not such a URL, or has a parameter that is unknown or wrong.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string url, string setting)
    {
        var rest = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var (address, query) = Split(rest, rest.IndexOf('?', StringComparison.Ordinal));
        var (authority, database) = Split(address, address.IndexOf('/', StringComparison.Ordinal));
        var at = authority.LastIndexOf('@');
        var (login, hosts) = at < 0 ? ("", authority) : Split(authority, at);
        var (user, password) = Split(login, login.IndexOf(':', StringComparison.Ordinal));
        if (hosts.Length == 0 || database.Length == 0)
            throw new ConfigurationException($"{setting} must have the form {Form}.");

        try
        {
            var settings = new NpgsqlConnectionStringBuilder { Host = hosts, Database = Uri.UnescapeDataString(database) };
            if (user.Length > 0)
                settings.Username = Uri.UnescapeDataString(user);
            if (password.Length > 0)
                settings.Password = Uri.UnescapeDataString(password);
            foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                var (name, value) = Split(parameter, parameter.IndexOf('=', StringComparison.Ordinal));
                Set(settings, Uri.UnescapeDataString(name), Uri.UnescapeDataString(value), setting);
            }

            return settings;
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException($"{setting} must have the form {Form}. ({e.Message})", e);
        }
    }

    private static void Set(NpgsqlConnectionStringBuilder settings, string name, string value, string setting)
    {
        var keyword = Names.GetValueOrDefault(name, name);
        if (!settings.ContainsKey(keyword))
            throw new ConfigurationException(
                $"{setting} has the parameter {name}. It takes {string.Join(", ", Names.Keys)}, and the keywords of Npgsql's connection strings.");
        settings[keyword] = keyword == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
    }

    private static string SchemeOf(string url) =>
        url.IndexOf("://", StringComparison.Ordinal) is > 0 and var end
            ? url[..end].Split('+')[0].ToLowerInvariant()
            : "";

    private static (string Before, string After) Split(string text, int at) =>
        at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
}
