using UserCqrs.Domain;

namespace UserCqrs.Application.Changes;

/// <summary>The entries of one user in the log of changes.</summary>
internal static class UserHistory
{
    /// <summary>Selects them. The entry that the log begins with belongs to no user.</summary>
    public static IQueryable<UserChange> Of(this IQueryable<UserChange> changes, long userId) =>
        changes.Where(change => change.UserId == userId && change.Type != UserChangeType.Begun);
}
