using Microsoft.EntityFrameworkCore;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.Copying;

/// <summary>A column of the users table, taken from EF Core's model, so that every mapped property is copied.</summary>
/// <param name="Name">The name of the column.</param>
/// <param name="StoreType">The type of the column in the database, without a length.</param>
internal sealed record UserColumn(string Name, string StoreType)
{
    /// <summary>All columns, in the same order for every database.</summary>
    public static UserColumn[] Of(DbContext db) =>
    [
        .. db.Model.FindEntityType(typeof(User))!.GetProperties().OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => new UserColumn(property.GetColumnName(), property.GetColumnType().Split('(')[0])),
    ];
}
