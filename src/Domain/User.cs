namespace UserCqrs.Domain;

/// <summary>A person with a name and a unique e-mail address.</summary>
public sealed class User
{
    private User()
    {
    }

    /// <summary>Assigned by the database, ascending, never reused. 0 until the user is stored.</summary>
    public long Id { get; private set; }

    /// <summary>See <see cref="UserName"/>.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The address as entered; see <see cref="EmailAddress.Value"/>.</summary>
    public string Email { get; private set; } = "";

    /// <summary>Unique among all users; see <see cref="EmailAddress.Key"/>.</summary>
    public string EmailKey { get; private set; } = "";

    /// <summary>See <see cref="Domain.ExternalId"/>. Unique among the users that have one; others have <c>null</c>.</summary>
    public string? ExternalId { get; private set; }

    /// <summary>Whether the user is active; <c>true</c> by default. The service itself attaches no meaning to it.</summary>
    public bool Active { get; private set; } = true;

    /// <summary>See <see cref="UserAttributes.Json"/>.</summary>
    public string Attributes { get; private set; } = UserAttributes.None.Json;

    /// <summary>
    /// See <see cref="Domain.SearchText"/>. <c>null</c> only if an older version of the service stored the user, until the search
    /// index is brought up to date.
    /// </summary>
    public string? SearchText { get; private set; }

    /// <summary>The time of creation in UTC, in whole microseconds.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>
    /// The time of the last change in UTC, in whole microseconds. Every change makes it later, even if the clock was set back.
    /// </summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>The number of changes, starting at 1. Concurrent changes of the same version conflict.</summary>
    public long Version { get; private set; } = 1;

    /// <summary>Creates a user, not yet stored.</summary>
    /// <exception cref="ArgumentException">A required member was not given.</exception>
    public static User Create(UserData data, DateTimeOffset now)
    {
        if (!data.Name.IsGiven || !data.Email.IsGiven)
            throw new ArgumentException("A user needs a name and an e-mail address.", nameof(data));
        var user = new User { CreatedAt = InMicroseconds(now), UpdatedAt = InMicroseconds(now) };
        user.Set(data);
        return user;
    }

    /// <summary>
    /// Sets the given members and keeps the others. If nothing changes, version and time stay the same. An unchanged address
    /// keeps its key, because a key computed under another Unicode version might differ.
    /// </summary>
    public void Change(UserData data, DateTimeOffset now)
    {
        if (!Set(data))
            return;
        var next = UpdatedAt.AddMicroseconds(1);
        UpdatedAt = InMicroseconds(now) > next ? InMicroseconds(now) : next;
        Version++;
    }

    /// <returns>Whether anything changed.</returns>
    private bool Set(UserData data)
    {
        var before = (Name, Email, ExternalId, Active, Attributes);
        if (data.Name.IsGiven)
            Name = data.Name.Value.Value;
        if (data.Email.IsGiven && data.Email.Value.Value != Email)
            (Email, EmailKey) = (data.Email.Value.Value, data.Email.Value.Key);
        if (data.ExternalId.IsGiven)
            ExternalId = data.ExternalId.Value?.Value;
        if (data.Active.IsGiven)
            Active = data.Active.Value;
        if (data.Attributes.IsGiven && !data.Attributes.Value.IsEqualTo(Attributes))
            Attributes = data.Attributes.Value.Json;
        if ((Name, Email, ExternalId) != (before.Name, before.Email, before.ExternalId))
            SearchText = Domain.SearchText.Of(Name, Email, ExternalId);
        return (Name, Email, ExternalId, Active, Attributes) != before;
    }

    // Both databases store microseconds. A response must not show a finer time than a later read does.
    private static DateTimeOffset InMicroseconds(DateTimeOffset time) =>
        new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
