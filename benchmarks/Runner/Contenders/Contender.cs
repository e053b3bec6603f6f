using System.Diagnostics;

namespace UserCqrs.Runner.Contenders;

/// <summary>Something that serves users over HTTP from a SQLite file of its own, or from a PostgreSQL database of its own.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Routes">Where it has what the scenarios ask for.</param>
/// <param name="Fill">The SQL that stores users 1 to <c>$users</c> in its table.</param>
/// <param name="Launch">How to start it on a file, or the URL of a database, and a port.</param>
internal sealed record Contender(string Name, Routes Routes, string Fill, Func<string, int, ProcessStartInfo> Launch)
{
    /// <summary>Why it cannot take part; <c>null</c> when it can.</summary>
    public string? Missing { get; init; }

    /// <summary>The program that stores the users instead of <see cref="Fill"/>, given the database and their number.</summary>
    public Func<string, int, ProcessStartInfo>? FillBy { get; init; }

    /// <summary>Whether its users are in PostgreSQL.</summary>
    public bool IsOnPostgres { get; init; }

    /// <summary>Whether it has an API key, and is asked with it.</summary>
    public bool IsKeyed { get; init; }

    /// <summary>Whose start on an empty file makes the schema, when not its own.</summary>
    public Contender? SchemaOf { get; init; }
}

/// <summary>Paths of a contender.</summary>
/// <param name="Get">What stands before the id of one user.</param>
/// <param name="Create">Where a user is posted.</param>
/// <param name="List">All users at once, where that is offered.</param>
internal sealed record Routes(string Get, string Create, string List = "");
