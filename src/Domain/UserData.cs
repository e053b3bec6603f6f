namespace UserCqrs.Domain;

/// <summary>What callers give of a user. To create one, all that is required must be here; to change one, only what changes.</summary>
public sealed record UserData
{
    /// <summary>Required.</summary>
    public Optional<UserName> Name { get; init; }

    /// <summary>Required.</summary>
    public Optional<EmailAddress> Email { get; init; }
}
