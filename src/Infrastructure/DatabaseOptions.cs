using System.ComponentModel.DataAnnotations;

namespace UserCqrs.Infrastructure;

/// <summary>The section <c>Database</c> of the configuration.</summary>
public sealed class DatabaseOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Database";

    /// <summary>
    /// Whether the service brings the schema up to date when it starts. Without, <c>migrate</c> on the command line does; before,
    /// the service is not ready on PostgreSQL and does not start on SQLite.
    /// </summary>
    public bool MigrateOnStart { get; init; } = true;

    /// <summary>SQLite: how many commands may wait for the writer, 1 to 100,000. One more is answered 503 at once.</summary>
    [Range(1, 100_000)]
    public int WriteQueue { get; init; } = 1024;

    /// <summary>SQLite: how many readers are kept open between requests, 1 to 1,000.</summary>
    [Range(1, 1_000)]
    public int Readers { get; init; } = 32;

    /// <summary>SQLite: how much memory the users most read may take, 0 to 65,536 MiB. 0 turns the cache off.</summary>
    [Range(0, 65_536)]
    public int CacheMegabytes { get; init; } = 64;
}
