namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>A database that is a file.</summary>
/// <param name="File">Its path, absolute.</param>
internal sealed record SqliteLocation(string File) : DatabaseLocation
{
    /// <summary>What messages say of it.</summary>
    public override string ToString() => $"the database {File}";
}
