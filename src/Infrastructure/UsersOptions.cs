namespace UserCqrs.Infrastructure;

/// <summary>The section <c>Users</c> of the configuration.</summary>
public sealed class UsersOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Users";

    /// <summary>
    /// The path of a file with a JSON Schema (2020-12) for <c>attributes</c>, relative to the current folder; none by default.
    /// The file is read at the start only.
    /// </summary>
    public string? AttributesSchema { get; init; }
}
