namespace UserCqrs.Limit;

/// <summary>A row. Times are microseconds since 1970, as they are stored.</summary>
internal sealed record User(long Id, string Name, string Email, long CreatedAt, long UpdatedAt, long Version);
