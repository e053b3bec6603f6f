namespace UserCqrs.Domain;

/// <summary>A person with a name and a unique e-mail address.</summary>
public sealed class User : UserState
{
    private User()
    {
    }

    /// <summary>Assigned by the database, ascending, never reused. 0 until the user is stored.</summary>
    public long Id { get; private set; }

    /// <summary>
    /// See <see cref="Domain.SearchText"/>. <c>null</c> only if an older version of the service stored the user, until the search
    /// index is brought up to date.
    /// </summary>
    public string? SearchText { get; private set; }

    /// <summary>
    /// Who made the last change: the id of a caller, such as <c>key:i8k9mT4G</c>. <c>null</c> if nobody was identified, or if an
    /// older version of the service made the change.
    /// </summary>
    public string? ChangedBy { get; set; }

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
        if (Set(data))
            Touch(now);
    }

    /// <summary>The user before its deletion, as the next version.</summary>
    /// <param name="deletion">The entry of the log about the deletion.</param>
    /// <param name="now">The current time.</param>
    public static User Restore(UserChange deletion, DateTimeOffset now)
    {
        var user = new User { Id = deletion.UserId };
        user.Become(deletion);
        user.SearchText = Domain.SearchText.Of(user.Name, user.Email, user.ExternalId);
        user.Touch(now);
        return user;
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

    private void Touch(DateTimeOffset now)
    {
        var next = UpdatedAt.AddMicroseconds(1);
        UpdatedAt = InMicroseconds(now) > next ? InMicroseconds(now) : next;
        Version++;
    }

    // Both databases store microseconds. A response must not show a finer time than a later read does.
    internal static DateTimeOffset InMicroseconds(DateTimeOffset time) =>
        new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
