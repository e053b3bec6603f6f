using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace UserCqrs.Infrastructure;

/// <summary>Where the users are kept: <c>DATABASE_URL</c>, else <c>ConnectionStrings:Users</c>, else a file beside the caller.</summary>
/// <param name="Path">The SQLite file, absolute.</param>
public sealed record DatabaseLocation(string Path)
{
    private const string Default = "sqlite:///./users.db";
    private const string UrlForm = "sqlite:///./users.db (a relative path) or sqlite:////var/lib/users.db (an absolute one)";

    /// <summary>Reads the settings.</summary>
    /// <exception cref="ConfigurationException">They name no database this service can use.</exception>
    public static DatabaseLocation From(IConfiguration configuration) =>
        configuration["DATABASE_URL"] is { Length: > 0 } url ? FromUrl(url)
        : configuration.GetConnectionString("Users") is { Length: > 0 } text ? FromConnectionString(text)
        : FromUrl(Default);

    private static DatabaseLocation FromUrl(string url)
    {
        const string scheme = "sqlite:///";
        var path = url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? url[scheme.Length..] : "";
        return path is "" or ":memory:"
            ? throw new ConfigurationException($"DATABASE_URL must have the form {UrlForm}.")
            : new(System.IO.Path.GetFullPath(path));
    }

    private static DatabaseLocation FromConnectionString(string text)
    {
        const string help = "ConnectionStrings:Users must have the form Data Source=users.db.";
        try
        {
            return new SqliteConnectionStringBuilder(text) is { DataSource: { Length: > 0 } and not ":memory:" } settings
                ? new(System.IO.Path.GetFullPath(settings.DataSource))
                : throw new ConfigurationException(help);
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException(help, e);
        }
    }
}

/// <summary>A setting, or what a setting names, that the service cannot start with. The message says which and what is allowed.</summary>
public sealed class ConfigurationException(string message, Exception? innerException = null)
    : Exception(message, innerException);
