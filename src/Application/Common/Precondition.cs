namespace UserCqrs.Application.Common;

/// <summary>What must hold of a user's version for a change to go ahead: <c>If-Match</c> (RFC 9110 §13.1.1) without HTTP.</summary>
public sealed record Precondition
{
    private readonly Error? _refusal;
    private readonly IReadOnlyList<long>? _versions;

    private Precondition(Error? refusal = null, IReadOnlyList<long>? versions = null) =>
        (_refusal, _versions) = (refusal, versions);

    /// <summary>Any version will do.</summary>
    public static readonly Precondition None = new();

    /// <summary>One had to be named and was not: <see cref="Error.PreconditionRequired"/> for every user there is.</summary>
    public static readonly Precondition Missing = new(Error.PreconditionRequired);

    /// <summary>The version must be one of these.</summary>
    public static Precondition VersionIn(IReadOnlyList<long> versions) => new(versions: versions);

    /// <summary>Why a user of this version must not be changed, or <c>null</c>.</summary>
    public Error? Refuse(long version) =>
        _refusal ?? (_versions is null || _versions.Contains(version) ? null : Error.PreconditionFailed);
}
