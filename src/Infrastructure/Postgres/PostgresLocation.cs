using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>A database on one or more PostgreSQL servers.</summary>
internal sealed partial record PostgresLocation : DatabaseLocation
{
    private PostgresLocation(NpgsqlConnectionStringBuilder settings) => Settings = settings;

    /// <summary>The settings as the operator gave them; <see cref="PostgresDataSources"/> adds defaults.</summary>
    public NpgsqlConnectionStringBuilder Settings { get; init; }

    /// <summary>Reads keywords and values of Npgsql's connection strings.</summary>
    /// <param name="given">The keywords and values.</param>
    /// <param name="setting">
    /// The name of the setting, for messages. They quote no values, which may be part of a password.
    /// </param>
    /// <exception cref="ConfigurationException">A keyword is unknown, a value is wrong, or a host is malformed.</exception>
    public static PostgresLocation From(IEnumerable<KeyValuePair<string, object?>> given, string setting)
    {
        var settings = new NpgsqlConnectionStringBuilder();
        foreach (var (keyword, value) in given)
        {
            if (!settings.ContainsKey(keyword))
                throw new ConfigurationException(
                    $"{setting} has an unknown parameter. It takes {string.Join(", ", PostgresUrl.Names.Keys)}, "
                    + "and the keywords of Npgsql's connection strings.");
            try
            {
                settings[keyword] = value;
            }
            catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException)
            {
                throw new ConfigurationException($"{setting} has a value for {keyword} that Npgsql does not accept.");
            }
        }

        return settings.Host?.Split(',').All(IsHost) == true
            ? new(settings)
            : throw new ConfigurationException(
                $"{setting} must name a host, as in db, db:5432, [::1]:5432 or db1,db2. {PostgresUrl.Escape}");
    }

    /// <summary>The database as messages name it: without user and password.</summary>
    public override string ToString()
    {
        var hosts = Settings.Host!.Split(',')
            .Select(host => HostAndPort().Match(host).Groups["port"].Success ? host : $"{host}:{Settings.Port}");
        return $"the database {Settings.Database} on {string.Join(',', hosts)}";
    }

    private static bool IsHost(string host) =>
        host.StartsWith('/') // the folder of a Unix socket
        || (HostAndPort().Match(host) is { Success: true } match
            && (match.Groups["port"] is { Success: false }
                || int.Parse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture) is > 0 and <= 65_535));

    [GeneratedRegex(@"^(\[[0-9A-Fa-f:.%]+\]|[\w.-]+)(:(?<port>[0-9]{1,5}))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex HostAndPort();
}
