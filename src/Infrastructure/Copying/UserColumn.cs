using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.Copying;

/// <summary>A column of the users table, taken from EF Core's model, so that every mapped property is copied.</summary>
/// <param name="Name">The name of the column.</param>
/// <param name="StoreType">The type of the column in the database, without a length.</param>
/// <param name="Value">The value of the column for a user, in the form of <see cref="IUserStore.ReadAsync"/>.</param>
internal sealed record UserColumn(string Name, string StoreType, Func<User, object?> Value)
{
    /// <summary>All columns, in the same order for every database.</summary>
    public static UserColumn[] Of(DbContext db) =>
    [
        .. db.Model.FindEntityType(typeof(User))!.GetProperties().OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => new UserColumn(
                property.GetColumnName(), property.GetColumnType().Split('(')[0], user => ValueOf(property, user))),
    ];

    /// <summary>All columns but the id, which the database assigns.</summary>
    public static UserColumn[] WithoutId(DbContext db) => [.. Of(db).Where(column => column.Name != "id")];

    private static object? ValueOf(IProperty property, User user) => property.GetGetter().GetClrValue(user) switch
    {
        DateTimeOffset time => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
        bool flag => flag ? 1L : 0L,
        var value => value,
    };
}
