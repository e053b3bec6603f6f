namespace UserCqrs.Domain;

/// <summary>A person known by a name and one e-mail address that nobody else has.</summary>
public sealed class User
{
    private User(string name, string email, string emailKey, DateTimeOffset createdAt, DateTimeOffset updatedAt)
    {
        Name = name;
        Email = email;
        EmailKey = emailKey;
        CreatedAt = createdAt;
        UpdatedAt = updatedAt;
    }

    /// <summary>Given by the database: ascending, never used again. 0 until the user is stored.</summary>
    public long Id { get; private set; }

    /// <summary>See <see cref="UserName"/>.</summary>
    public string Name { get; private set; }

    /// <summary>The address as entered; see <see cref="EmailAddress.Value"/>.</summary>
    public string Email { get; private set; }

    /// <summary>Unique among all users; see <see cref="EmailAddress.Key"/>.</summary>
    public string EmailKey { get; private set; }

    /// <summary>UTC, in whole microseconds.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>UTC, in whole microseconds. Later with every change, whatever the clock does.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Counts the changes, from 1. Concurrent changes of one version conflict.</summary>
    public long Version { get; private set; } = 1;

    /// <summary>A new user, not stored yet.</summary>
    public static User Create(UserName name, EmailAddress email, DateTimeOffset now) =>
        new(name.Value, email.Value, email.Key, InMicroseconds(now), InMicroseconds(now));

    /// <summary>
    /// Takes the new name and address; <c>null</c> leaves the one that is stored. What changes nothing leaves version and time
    /// alone. An address that stays keeps its key: under another Unicode version, a new one might differ.
    /// </summary>
    public void Change(UserName? name, EmailAddress? email, DateTimeOffset now)
    {
        (name, email) = (name?.Value == Name ? null : name, email?.Value == Email ? null : email);
        if (name is null && email is null)
            return;

        if (name is not null)
            Name = name.Value;
        if (email is not null)
            (Email, EmailKey) = (email.Value, email.Key);
        var next = UpdatedAt.AddMicroseconds(1);
        UpdatedAt = InMicroseconds(now) > next ? InMicroseconds(now) : next;
        Version++;
    }

    // Both databases keep microseconds; an answer must not show more than a later read can.
    private static DateTimeOffset InMicroseconds(DateTimeOffset time) =>
        new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
