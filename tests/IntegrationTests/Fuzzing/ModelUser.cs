using System.Globalization;
using System.Text.Json.Nodes;
using UserCqrs.Domain;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>A user that was created, perhaps gone since. The id of the n-th user is n in the model.</summary>
internal sealed class ModelUser(int index, UserState state, DateTimeOffset createdAt)
{
    public int Index => index;

    public long Id => index + 1;

    public UserState State { get; private set; } = state;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset UpdatedAt { get; private set; } = createdAt;

    public long Version { get; private set; } = 1;

    public bool IsGone { get; set; }

    public string ETag => $"\"{Version}\"";

    /// <summary>What stands for the id that each service gave.</summary>
    public string IdText => $"{{user {index}}}";

    public string Address => $"/v1/users/{IdText}";

    public JsonObject Json => new()
    {
        ["id"] = IdText,
        ["externalId"] = State.ExternalId,
        ["name"] = State.Name,
        ["email"] = State.Email,
        ["active"] = State.Active,
        ["attributes"] = State.Attributes,
        ["createdAt"] = Text(CreatedAt),
        ["updatedAt"] = Text(UpdatedAt),
    };

    public JsonObject ClassicJson => new() { ["id"] = IdText, ["name"] = State.Name, ["email"] = State.Email };

    public static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public ModelUser Copy() => (ModelUser)MemberwiseClone();

    public void Change(UserState state, DateTimeOffset now)
    {
        if (state == State)
            return;
        State = state;
        UpdatedAt = now > UpdatedAt ? now : UpdatedAt.AddMicroseconds(1);
        Version++;
    }
}

/// <summary>What can be changed about a user. The attributes are the JSON text that is stored.</summary>
internal sealed record UserState(string Name, string Email, string? ExternalId, bool Active, string Attributes)
{
    /// <summary>What a new user has if nothing is said about it.</summary>
    public static readonly UserState New = new("", "", null, true, "{}");

    public string Key => EmailAddress.Parse(Email).Key;
}
