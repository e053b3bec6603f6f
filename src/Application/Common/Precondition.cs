namespace UserCqrs.Application.Common;

/// <summary>
/// What must hold of a user's version for a request to be executed: <c>If-Match</c> and <c>If-None-Match</c> (RFC 9110 §13.1),
/// independent of HTTP.
/// </summary>
public sealed record Precondition
{
    private readonly Error? _error;
    private readonly IReadOnlyList<long>? _versions;
    private readonly bool _mustBeListed;

    private Precondition(Error? error = null, IReadOnlyList<long>? versions = null, bool mustBeListed = false) =>
        (_error, _versions, _mustBeListed) = (error, versions, mustBeListed);

    /// <summary>Every version meets it.</summary>
    public static readonly Precondition None = new();

    /// <summary>A required precondition is missing: <see cref="Error.PreconditionRequired"/> for every existing user.</summary>
    public static readonly Precondition Missing = new(Error.PreconditionRequired);

    /// <summary>No version meets it: <see cref="Error.PreconditionFailed"/> for every existing user.</summary>
    public static readonly Precondition NoUser = new(Error.PreconditionFailed);

    /// <summary>The version must be one of these.</summary>
    public static Precondition VersionIn(IReadOnlyList<long> versions) => new(versions: versions, mustBeListed: true);

    /// <summary>The version must be none of these.</summary>
    public static Precondition VersionNotIn(IReadOnlyList<long> versions) => new(versions: versions);

    private Precondition? Next { get; init; }

    /// <summary>Combines two preconditions; this one is evaluated first.</summary>
    public Precondition And(Precondition other) => this with { Next = Next?.And(other) ?? other };

    /// <summary>The error if a user of this version does not meet the precondition, else <c>null</c>.</summary>
    public Error? Check(long version) =>
        _error
        ?? (_versions is null || _versions.Contains(version) == _mustBeListed ? null : Error.PreconditionFailed)
        ?? Next?.Check(version);
}
