namespace UserCqrs.Domain;

/// <summary>A person known by a name and one e-mail address that nobody else has.</summary>
public sealed class User
{
    private User()
    {
    }

    /// <summary>Given by the database: ascending, never used again. 0 until the user is stored.</summary>
    public long Id { get; private set; }

    /// <summary>See <see cref="UserName"/>.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The address as entered; see <see cref="EmailAddress.Value"/>.</summary>
    public string Email { get; private set; } = "";

    /// <summary>Unique among all users; see <see cref="EmailAddress.Key"/>.</summary>
    public string EmailKey { get; private set; } = "";

    /// <summary>UTC, in whole microseconds.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>UTC, in whole microseconds. Later with every change, whatever the clock does.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Counts the changes, from 1. Concurrent changes of one version conflict.</summary>
    public long Version { get; private set; } = 1;

    /// <summary>A new user, not stored yet.</summary>
    /// <exception cref="ArgumentException">Something that is required was not given.</exception>
    public static User Create(UserData data, DateTimeOffset now)
    {
        if (!data.Name.IsGiven || !data.Email.IsGiven)
            throw new ArgumentException("A user needs a name and an e-mail address.", nameof(data));
        var user = new User { CreatedAt = InMicroseconds(now), UpdatedAt = InMicroseconds(now) };
        user.Take(data);
        return user;
    }

    /// <summary>
    /// Takes what was given and leaves the rest. What changes nothing leaves version and time alone. An address that stays keeps
    /// its key: under another Unicode version, a new one might differ.
    /// </summary>
    public void Change(UserData data, DateTimeOffset now)
    {
        if (!Take(data))
            return;
        var next = UpdatedAt.AddMicroseconds(1);
        UpdatedAt = InMicroseconds(now) > next ? InMicroseconds(now) : next;
        Version++;
    }

    /// <returns>Whether anything is different now.</returns>
    private bool Take(UserData data)
    {
        var before = (Name, Email);
        if (data.Name.IsGiven)
            Name = data.Name.Value.Value;
        if (data.Email.IsGiven && data.Email.Value.Value != Email)
            (Email, EmailKey) = (data.Email.Value.Value, data.Email.Value.Key);
        return (Name, Email) != before;
    }

    // Both databases keep microseconds; an answer must not show more than a later read can.
    private static DateTimeOffset InMicroseconds(DateTimeOffset time) =>
        new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
