namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>A database that is a file.</summary>
/// <param name="File">Its path, absolute.</param>
internal sealed record SqliteLocation(string File) : DatabaseLocation;
