using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.Infrastructure;

/// <summary>The information about the database that the service logs when it starts.</summary>
public sealed class DatabaseReport
{
    private readonly DatabaseLocation _location;
    private readonly SqliteFile? _file;

    internal DatabaseReport(DatabaseLocation location, SqliteFile? file = null) => (_location, _file) = (location, file);

    /// <summary>The database, such as <c>the database /var/lib/users.db</c>, without a password.</summary>
    public string Location => _location.ToString();

    /// <summary>Whether this start created the database file. Always false for PostgreSQL.</summary>
    public bool IsNew => _file is { IsNew: true };
}
