namespace UserCqrs.Domain;

/// <summary>An entry of the log of changes: one change of one user, and the user after it.</summary>
public sealed class UserChange : UserState
{
    private UserChange()
    {
    }

    /// <summary>
    /// Assigned by the database. Ascending for each user, but transactions may become visible in another order.
    /// </summary>
    public long Id { get; private set; }

    /// <summary>What happened.</summary>
    public UserChangeType Type { get; private set; }

    /// <summary>See <see cref="User.Id"/>.</summary>
    public long UserId { get; private set; }

    /// <summary>The time of the change in UTC, in whole microseconds.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>See <see cref="User.ChangedBy"/>.</summary>
    public string? By { get; private set; }

    /// <summary>Whether the state was removed. No user has an empty e-mail address.</summary>
    public bool IsErased => Email.Length == 0;

    /// <summary>The entry that follows the last one of an erased user. It has no state.</summary>
    public static UserChange Erasure(UserChange last, string? by, DateTimeOffset now)
    {
        var at = User.InMicroseconds(now);
        return new()
        {
            Type = UserChangeType.Erased,
            UserId = last.UserId,
            Version = last.Version + 1,
            At = at,
            By = by,
            CreatedAt = at,
            UpdatedAt = at,
        };
    }

    /// <summary>Removes the state, but not that there was a change, and when.</summary>
    public void Erase()
    {
        var version = Version;
        Become(new UserChange { CreatedAt = At, UpdatedAt = At });
        Version = version;
    }
}

/// <summary>What happened to a user. The values are stored.</summary>
public enum UserChangeType
{
    /// <summary>
    /// The log begins. It has nothing to do with a user, and readers do not see it, but a cursor can stand there.
    /// </summary>
    Begun = 0,

    /// <summary>The user was created.</summary>
    Created = 1,

    /// <summary>The user was changed.</summary>
    Updated = 2,

    /// <summary>The user was deleted; the entry has the last state.</summary>
    Deleted = 3,

    /// <summary>The deletion of the user was undone.</summary>
    Restored = 4,

    /// <summary>The user was deleted with all copies of its data. The entry has none.</summary>
    Erased = 5,
}
