using System.ComponentModel.DataAnnotations;

namespace UserCqrs.Infrastructure;

/// <summary>The section <c>Database</c> of the configuration.</summary>
public sealed class DatabaseOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Database";

    /// <summary>
    /// Whether the service brings the schema up to date when it starts; true by default. If false, run <c>migrate</c> from the
    /// command line: with an old schema, the service is not ready on PostgreSQL and does not start on SQLite.
    /// </summary>
    public bool MigrateOnStart { get; init; } = true;

    /// <summary>
    /// SQLite: the length of the command queue, 1 to 100,000; 1,024 by default. If it is full, a command fails at once with 503.
    /// </summary>
    [Range(1, 100_000)]
    public int WriteQueue { get; init; } = 1024;

    /// <summary>SQLite: the number of readers that stay open between requests, 1 to 1,000; 32 by default.</summary>
    [Range(1, 1_000)]
    public int Readers { get; init; } = 32;

    /// <summary>SQLite: the memory for cached users, 0 to 65,536 MiB; 64 MiB by default. 0 turns the cache off.</summary>
    [Range(0, 65_536)]
    public int CacheMegabytes { get; init; } = 64;
}
