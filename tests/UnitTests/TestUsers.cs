using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.UnitTests;

/// <summary>Short ways to create the data of a user.</summary>
internal static class TestUsers
{
    /// <summary>The input of a caller; <c>null</c> means absent.</summary>
    public static UserInput Given(string? name, string? email) => new()
    {
        Name = name is null ? default : new Optional<string?>(name),
        Email = email is null ? default : new Optional<string?>(email),
    };

    /// <summary>The data of a user.</summary>
    public static UserData Data(string name, string email) => new() { Name = UserName.Parse(name), Email = EmailAddress.Parse(email) };
}
