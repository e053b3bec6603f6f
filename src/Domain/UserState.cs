namespace UserCqrs.Domain;

/// <summary>What is kept of a user: for each user as it is, and in the log as it was after each change.</summary>
public abstract class UserState
{
    /// <summary>See <see cref="UserName"/>.</summary>
    public string Name { get; private protected set; } = "";

    /// <summary>The address as entered; see <see cref="EmailAddress.Value"/>.</summary>
    public string Email { get; private protected set; } = "";

    /// <summary>Unique among all users; see <see cref="EmailAddress.Key"/>.</summary>
    public string EmailKey { get; private protected set; } = "";

    /// <summary>See <see cref="Domain.ExternalId"/>. Unique among the users that have one; others have <c>null</c>.</summary>
    public string? ExternalId { get; private protected set; }

    /// <summary>Whether the user is active; <c>true</c> by default. The service itself attaches no meaning to it.</summary>
    public bool Active { get; private protected set; } = true;

    /// <summary>See <see cref="UserAttributes.Json"/>.</summary>
    public string Attributes { get; private protected set; } = UserAttributes.None.Json;

    /// <summary>The time of creation in UTC, in whole microseconds.</summary>
    public DateTimeOffset CreatedAt { get; private protected set; }

    /// <summary>
    /// The time of the last change in UTC, in whole microseconds. Every change makes it later, even if the clock was set back.
    /// </summary>
    public DateTimeOffset UpdatedAt { get; private protected set; }

    /// <summary>The number of changes, starting at 1. Concurrent changes of the same version conflict.</summary>
    public long Version { get; private protected set; } = 1;

    /// <summary>Copies everything from another state.</summary>
    private protected void Become(UserState other)
    {
        (Name, Email, EmailKey, ExternalId, Active, Attributes, CreatedAt, UpdatedAt, Version) = (other.Name, other.Email,
            other.EmailKey, other.ExternalId, other.Active, other.Attributes, other.CreatedAt, other.UpdatedAt, other.Version);
    }
}
