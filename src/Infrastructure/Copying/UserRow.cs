namespace UserCqrs.Infrastructure.Copying;

/// <summary>A user as every database keeps it. Times are microseconds since 1970, UTC.</summary>
internal readonly record struct UserRow(
    long Id, string Name, string Email, string EmailKey, long CreatedAt, long UpdatedAt, long Version);
