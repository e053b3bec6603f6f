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

    /// <summary>
    /// The attributes that lists can be filtered by, up to 8, such as <c>plan</c> or <c>address.city</c>; none by default. Each
    /// has an index, which is made at the start or by <c>migrate</c>, and removed when it is no longer listed.
    /// </summary>
    public IReadOnlyList<string> IndexedAttributes { get; init; } = [];
}
