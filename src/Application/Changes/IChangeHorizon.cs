namespace UserCqrs.Application.Changes;

/// <summary>The port that tells up to which entry the log of changes is complete.</summary>
public interface IChangeHorizon
{
    /// <summary>
    /// Reads an id up to which every entry that will ever be visible is visible: no transaction that is still running has one.
    /// </summary>
    /// <exception cref="Common.DatabaseUnavailableException">The database cannot be read now.</exception>
    Task<long> ReadAsync(CancellationToken cancellationToken);
}
