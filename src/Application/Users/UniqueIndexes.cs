using UserCqrs.Application.Common;

namespace UserCqrs.Application.Users;

/// <summary>The unique indexes of users, and the error for a write that violates one.</summary>
public static class UniqueIndexes
{
    private const string PrimaryKey = "PK_users";

    /// <summary>The index on e-mail keys.</summary>
    public const string EmailKey = "ux_users_email_key";

    /// <summary>Another user has this e-mail address.</summary>
    public static readonly Error EmailTaken =
        Error.Conflict(new("email", "email.taken", "Another user has this e-mail address."));

    /// <summary>The index on external ids.</summary>
    public const string ExternalId = "ux_users_external_id";

    /// <summary>Another user has this external id.</summary>
    public static readonly Error ExternalIdTaken =
        Error.Conflict(new("externalId", "externalId.taken", "Another user has this external id."));

    private static readonly Dictionary<string, Error> Conflicts = new()
    {
        [EmailKey] = EmailTaken,
        [ExternalId] = ExternalIdTaken,
    };

    /// <summary>All possible conflicts.</summary>
    public static IReadOnlyCollection<Error> AllConflicts => Conflicts.Values;

    /// <summary>The error for a violation of this index, or <c>null</c> if no conflict belongs to it.</summary>
    internal static Error? ConflictOf(string? index) => index switch
    {
        null => null,
        PrimaryKey => Error.NotFound, // another command has restored the user meanwhile
        _ => Conflicts.GetValueOrDefault(index),
    };
}
