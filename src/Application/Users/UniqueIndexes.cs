using UserCqrs.Application.Common;

namespace UserCqrs.Application.Users;

/// <summary>The unique indexes of users. The database reports the name of the one that refused a write.</summary>
public static class UniqueIndexes
{
    /// <summary>No two users have one e-mail key.</summary>
    public const string EmailKey = "ux_users_email_key";

    /// <summary>Another user has this e-mail address.</summary>
    public static readonly Error EmailTaken = Error.Conflict(new("email", "email.taken", "Another user has this e-mail address."));

    private static readonly Dictionary<string, Error> Conflicts = new() { [EmailKey] = EmailTaken };

    /// <summary>Every conflict there can be.</summary>
    public static IReadOnlyCollection<Error> AllConflicts => Conflicts.Values;

    /// <summary>What the caller is told, or <c>null</c> if no index of that name is about what callers give.</summary>
    internal static Error? ConflictOf(string? index) => index is null ? null : Conflicts.GetValueOrDefault(index);
}
