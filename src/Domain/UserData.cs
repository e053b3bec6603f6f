namespace UserCqrs.Domain;

/// <summary>
/// The validated data of a user. To create a user, all required members must be given; to change one, only those that change.
/// </summary>
public sealed record UserData
{
    /// <summary>The name. Required.</summary>
    public Optional<UserName> Name { get; init; }

    /// <summary>The e-mail address. Required.</summary>
    public Optional<EmailAddress> Email { get; init; }

    /// <summary>The caller's own id; <c>null</c> removes it.</summary>
    public Optional<ExternalId?> ExternalId { get; init; }

    /// <summary>See <see cref="UserState.Active"/>.</summary>
    public Optional<bool> Active { get; init; }

    /// <summary>All attributes, which replace those that the user has.</summary>
    public Optional<UserAttributes> Attributes { get; init; }
}
