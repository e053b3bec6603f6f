using System.Text.Json;

namespace UserCqrs.Application.Common;

/// <summary>Why a command or query was refused. Nothing was changed.</summary>
public enum ErrorKind
{
    /// <summary>The input breaks rules, which <see cref="Error.Inputs"/> names.</summary>
    Invalid,

    /// <summary>No user has this id.</summary>
    NotFound,

    /// <summary>The change must name the version it was made from (RFC 6585 §3), and does not.</summary>
    PreconditionRequired,

    /// <summary>The user has changed since the version that was named (RFC 9110 §13.1.1).</summary>
    PreconditionFailed,

    /// <summary>Another user has what must be unique; <see cref="Error.Inputs"/> names it.</summary>
    Conflict,
}

/// <summary>A refusal.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Inputs">For <see cref="ErrorKind.Invalid"/>: every member that is wrong, not only the first. For a conflict, the member.</param>
public sealed record Error(ErrorKind Kind, IReadOnlyList<InputError> Inputs)
{
    /// <summary>See <see cref="ErrorKind.NotFound"/>.</summary>
    public static readonly Error NotFound = new(ErrorKind.NotFound, []);

    /// <summary>See <see cref="ErrorKind.PreconditionRequired"/>.</summary>
    public static readonly Error PreconditionRequired = new(ErrorKind.PreconditionRequired, []);

    /// <summary>See <see cref="ErrorKind.PreconditionFailed"/>.</summary>
    public static readonly Error PreconditionFailed = new(ErrorKind.PreconditionFailed, []);

    /// <summary>See <see cref="ErrorKind.Conflict"/>.</summary>
    public static Error Conflict(InputError member) => new(ErrorKind.Conflict, [member]);

    /// <summary>See <see cref="ErrorKind.Invalid"/>.</summary>
    public static Error Invalid(IReadOnlyList<InputError> inputs) => new(ErrorKind.Invalid, inputs);
}

/// <summary>What is wrong with one member of the input.</summary>
/// <param name="Member">Its name as the consumer spells it (<c>email</c>); <c>null</c> for the input as a whole.</param>
/// <param name="Code">Stable and made for programs: <c>email.invalid</c>.</param>
/// <param name="Detail">Made for people. Never repeats what was sent.</param>
public sealed record InputError(string? Member, string Code, string Detail)
{
    /// <summary>The member as the consumer spells it, for a path of properties such as <c>Input.Email</c>.</summary>
    internal static string MemberOf(string path) => JsonNamingPolicy.CamelCase.ConvertName(path[(path.LastIndexOf('.') + 1)..]);
}
