using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.Infrastructure;

/// <summary>What is said at start about where the users are.</summary>
public sealed class DatabaseReport
{
    private readonly DatabaseLocation _location;
    private readonly SqliteFile? _file;

    internal DatabaseReport(DatabaseLocation location, SqliteFile? file = null) => (_location, _file) = (location, file);

    /// <summary>Such as <c>the database /var/lib/users.db</c>. It holds no password.</summary>
    public string Location => _location.ToString();

    /// <summary>Whether this start created the database: a file where there was none.</summary>
    public bool IsNew => _file is { IsNew: true };
}
