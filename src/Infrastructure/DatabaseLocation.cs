using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using UserCqrs.Infrastructure.Postgres;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.Infrastructure;

/// <summary>
/// The database of the users: <c>DATABASE_URL</c>, else <c>ConnectionStrings:Users</c>, else <c>users.db</c> in the current
/// folder.
/// </summary>
public abstract record DatabaseLocation
{
    private const string Default = "sqlite:///./users.db";

    private const string UrlForms = "sqlite:///./users.db (a relative path), sqlite:////var/lib/users.db (an absolute one) "
        + "or postgresql://user:password@host:5432/database";

    private const string SqliteScheme = "sqlite:///";

    /// <summary>Reads the settings.</summary>
    /// <exception cref="ConfigurationException">The settings do not name a database that this service can use.</exception>
    public static DatabaseLocation From(IConfiguration configuration) =>
        configuration["DATABASE_URL"] is { Length: > 0 } url ? FromUrl(url, "DATABASE_URL")
        : configuration.GetConnectionString("Users") is { Length: > 0 } text ? FromConnectionString(text)
        : FromUrl(Default, "DATABASE_URL");

    /// <summary>Reads a URL in the form that SQLAlchemy and libpq use.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="setting">The name of the setting, for messages.</param>
    /// <exception cref="ConfigurationException">The URL does not name a database that this service can use.</exception>
    public static DatabaseLocation FromUrl(string url, string setting)
    {
        if (PostgresUrl.IsOne(url))
            return PostgresUrl.Parse(url, setting);
        var path = url.StartsWith(SqliteScheme, StringComparison.OrdinalIgnoreCase) ? url[SqliteScheme.Length..] : "";
        return path is "" or ":memory:" ? throw new ConfigurationException($"{setting} must have the form {UrlForms}.")
            : path.EndsWith('/') || Directory.Exists(path)
                ? throw new ConfigurationException($"{setting} names the folder {path}; it must name a file in it.")
            : SqliteLocation.At(path);
    }

    private static DatabaseLocation FromConnectionString(string text)
    {
        const string setting = "ConnectionStrings:Users";
        const string help = $"{setting} must have the form Data Source=users.db or "
            + "Host=localhost;Database=users;Username=…;Password=…. "
            + "Put a value that contains ; or = or a quote in double quotes.";
        try
        {
            var given = new DbConnectionStringBuilder { ConnectionString = text };
            if (given.Keys.Cast<string>().Any(key => key is "host" or "server"))
                return PostgresLocation.From(given.Cast<KeyValuePair<string, object?>>(), setting);
            return new SqliteConnectionStringBuilder(text) is { DataSource: { Length: > 0 } and not ":memory:" } settings
                ? SqliteLocation.At(settings.DataSource)
                : throw new ConfigurationException(help);
        }
        catch (ArgumentException)
        {
            throw new ConfigurationException(help); // the exception may quote part of a password
        }
    }
}

/// <summary>
/// A setting, or what it names, prevents the service from starting. The message names the setting and what is allowed.
/// </summary>
public sealed class ConfigurationException(string message, Exception? innerException = null)
    : Exception(message, innerException);
