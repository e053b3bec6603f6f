using System.Text.Json;

namespace UserCqrs.Application.Common;

/// <summary>The reason why a command or query failed. Nothing was changed.</summary>
public enum ErrorKind
{
    /// <summary>The input breaks rules; <see cref="Error.Inputs"/> lists the errors.</summary>
    Invalid,

    /// <summary>No user, or no API key, has this id.</summary>
    NotFound,

    /// <summary>The change must name the version that it is based on, but does not (RFC 6585 §3).</summary>
    PreconditionRequired,

    /// <summary>The user's version does not meet the precondition (RFC 9110 §13.1).</summary>
    PreconditionFailed,

    /// <summary>Another user has the same value in a unique member; <see cref="Error.Inputs"/> names the member.</summary>
    Conflict,

    /// <summary>The caller has used the idempotency key for another request.</summary>
    IdempotencyKeyReused,

    /// <summary>A request with the same idempotency key is running.</summary>
    IdempotencyKeyInUse,

    /// <summary>The log of changes does not go back to where the query wants to continue.</summary>
    Gone,

    /// <summary>The query took too long; <see cref="Error.Inputs"/> names the part of it.</summary>
    TimedOut,
}

/// <summary>The error of a command or query that failed.</summary>
/// <param name="Kind">The kind of error.</param>
/// <param name="Inputs">
/// For <see cref="ErrorKind.Invalid"/>, all errors, not only the first. Otherwise the member concerned.
/// </param>
public sealed record Error(ErrorKind Kind, IReadOnlyList<InputError> Inputs)
{
    /// <summary>See <see cref="ErrorKind.NotFound"/>.</summary>
    public static readonly Error NotFound = new(ErrorKind.NotFound, []);

    /// <summary>See <see cref="ErrorKind.PreconditionRequired"/>.</summary>
    public static readonly Error PreconditionRequired = new(ErrorKind.PreconditionRequired, []);

    /// <summary>See <see cref="ErrorKind.PreconditionFailed"/>.</summary>
    public static readonly Error PreconditionFailed = new(ErrorKind.PreconditionFailed, []);

    /// <summary>See <see cref="ErrorKind.IdempotencyKeyReused"/>.</summary>
    public static readonly Error IdempotencyKeyReused = new(ErrorKind.IdempotencyKeyReused, []);

    /// <summary>See <see cref="ErrorKind.IdempotencyKeyInUse"/>.</summary>
    public static readonly Error IdempotencyKeyInUse = new(ErrorKind.IdempotencyKeyInUse, []);

    /// <summary>See <see cref="ErrorKind.Gone"/>.</summary>
    public static readonly Error Gone = new(ErrorKind.Gone, []);

    /// <summary>See <see cref="ErrorKind.Conflict"/>.</summary>
    public static Error Conflict(InputError member) => new(ErrorKind.Conflict, [member]);

    /// <summary>See <see cref="ErrorKind.TimedOut"/>.</summary>
    public static Error TimedOut(InputError part) => new(ErrorKind.TimedOut, [part]);

    /// <summary>See <see cref="ErrorKind.Invalid"/>.</summary>
    public static Error Invalid(IReadOnlyList<InputError> inputs) => new(ErrorKind.Invalid, inputs);
}

/// <summary>An error in one member of the input.</summary>
/// <param name="Member">The member's name as the consumer spells it (<c>email</c>); <c>null</c> for the input as a whole.</param>
/// <param name="Code">A stable code for programs, such as <c>email.invalid</c>.</param>
/// <param name="Detail">An explanation for people. Never repeats the input.</param>
/// <param name="Path">
/// The part of the member, as a JSON Pointer (RFC 6901) such as <c>/address/city</c>; empty for the whole member.
/// </param>
/// <param name="Line">The line of an import, starting at 1; else <c>null</c>.</param>
/// <param name="Column">The octet of that line at which it cannot be read, starting at 1; else <c>null</c>.</param>
public sealed record InputError(
    string? Member, string Code, string Detail, string Path = "", long? Line = null, long? Column = null)
{
    /// <summary>
    /// Converts a property path such as <c>Input.Email</c> to the name of the member as the consumer spells it. Returns
    /// <c>null</c> for an empty path, which is that of the whole input. Filters by attributes (<c>attributes.plan</c>) keep
    /// theirs.
    /// </summary>
    internal static string? MemberOf(string path) =>
        path.Length == 0 ? null
        : path.StartsWith("attributes.", StringComparison.Ordinal) ? path
        : JsonNamingPolicy.CamelCase.ConvertName(path[(path.LastIndexOf('.') + 1)..]);
}
