namespace UserCqrs.Application.Common;

/// <summary>
/// What must hold of a user's version for a request to go ahead: <c>If-Match</c> and <c>If-None-Match</c> (RFC 9110 §13.1)
/// without HTTP.
/// </summary>
public sealed class Precondition
{
    private readonly Func<long, Error?> _refuse;

    private Precondition(Func<long, Error?> refuse) => _refuse = refuse;

    /// <summary>Any version will do.</summary>
    public static readonly Precondition None = new(_ => null);

    /// <summary>One had to be named and was not: <see cref="Error.PreconditionRequired"/> for every user there is.</summary>
    public static readonly Precondition Missing = new(_ => Error.PreconditionRequired);

    /// <summary>No version will do: <see cref="Error.PreconditionFailed"/> for every user there is.</summary>
    public static readonly Precondition NoUser = new(_ => Error.PreconditionFailed);

    /// <summary>The version must be one of these.</summary>
    public static Precondition VersionIn(IReadOnlyList<long> versions) =>
        new(version => versions.Contains(version) ? null : Error.PreconditionFailed);

    /// <summary>The version must be none of these.</summary>
    public static Precondition VersionNotIn(IReadOnlyList<long> versions) =>
        new(version => versions.Contains(version) ? Error.PreconditionFailed : null);

    /// <summary>This, and then the other.</summary>
    public Precondition And(Precondition other) =>
        other == None ? this : new(version => _refuse(version) ?? other._refuse(version));

    /// <summary>Why the request must not go ahead on a user of this version, or <c>null</c>.</summary>
    public Error? Refuse(long version) => _refuse(version);
}
