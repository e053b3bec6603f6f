namespace UserCqrs.Application.Common;

/// <summary>
/// What must hold of a user's version for a request to go ahead: <c>If-Match</c> and <c>If-None-Match</c> (RFC 9110 §13.1)
/// without HTTP.
/// </summary>
public sealed record Precondition
{
    private readonly Error? _refusal;
    private readonly IReadOnlyList<long>? _named;
    private readonly bool _mayBeNamed;

    private Precondition(Error? refusal = null, IReadOnlyList<long>? named = null, bool mayBeNamed = false) =>
        (_refusal, _named, _mayBeNamed) = (refusal, named, mayBeNamed);

    /// <summary>Any version will do.</summary>
    public static readonly Precondition None = new();

    /// <summary>One had to be named and was not: <see cref="Error.PreconditionRequired"/> for every user there is.</summary>
    public static readonly Precondition Missing = new(Error.PreconditionRequired);

    /// <summary>No version will do: <see cref="Error.PreconditionFailed"/> for every user there is.</summary>
    public static readonly Precondition NoUser = new(Error.PreconditionFailed);

    /// <summary>The version must be one of these.</summary>
    public static Precondition VersionIn(IReadOnlyList<long> versions) => new(named: versions, mayBeNamed: true);

    /// <summary>The version must be none of these.</summary>
    public static Precondition VersionNotIn(IReadOnlyList<long> versions) => new(named: versions);

    private Precondition? Next { get; init; }

    /// <summary>This, and then the other.</summary>
    public Precondition And(Precondition other) => this with { Next = Next?.And(other) ?? other };

    /// <summary>Why the request must not go ahead on a user of this version, or <c>null</c>.</summary>
    public Error? Refuse(long version) =>
        _refusal
        ?? (_named is null || _named.Contains(version) == _mayBeNamed ? null : Error.PreconditionFailed)
        ?? Next?.Refuse(version);
}
