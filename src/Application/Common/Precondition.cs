namespace UserCqrs.Application.Common;

/// <summary>
/// What must hold of a user's version for a request to be executed: <c>If-Match</c> and <c>If-None-Match</c> (RFC 9110 §13.1),
/// independent of HTTP.
/// </summary>
public sealed record Precondition
{
    private readonly Func<long?, bool> _isMet;
    private readonly Error _error;

    private Precondition(Func<long?, bool> isMet, Error? error = null) =>
        (_isMet, _error) = (isMet, error ?? Error.PreconditionFailed);

    /// <summary>Always met.</summary>
    public static readonly Precondition None = new(static _ => true);

    /// <summary>A required precondition is missing: <see cref="Error.PreconditionRequired"/> for every existing user.</summary>
    public static readonly Precondition Missing = new(static version => version is null, Error.PreconditionRequired);

    /// <summary>The user must exist, in any version.</summary>
    public static readonly Precondition AnyUser = new(static version => version is not null);

    /// <summary>The user must not exist.</summary>
    public static readonly Precondition NoUser = new(static version => version is null);

    /// <summary>The user must exist, and its version must be one of these.</summary>
    public static Precondition VersionIn(IReadOnlyList<long> versions) =>
        new(version => version is { } existing && versions.Contains(existing));

    /// <summary>The user's version must be none of these, or the user must not exist.</summary>
    public static Precondition VersionNotIn(IReadOnlyList<long> versions) =>
        new(version => version is not { } existing || !versions.Contains(existing));

    private Precondition? Next { get; init; }

    /// <summary>Combines two preconditions; this one is evaluated first.</summary>
    public Precondition And(Precondition other) => this with { Next = Next?.And(other) ?? other };

    /// <summary>The error if a user of this version does not meet the precondition, else <c>null</c>.</summary>
    /// <param name="version">The version; <c>null</c> if there is no such user.</param>
    public Error? Check(long? version) => _isMet(version) ? Next?.Check(version) : _error;
}
