using Microsoft.EntityFrameworkCore;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.Copying;

/// <summary>A column of the users table, as the model of EF Core has it: a property that is mapped is copied.</summary>
/// <param name="Name">Its name.</param>
/// <param name="StoreType">Its type in the database, without a length.</param>
internal sealed record UserColumn(string Name, string StoreType)
{
    /// <summary>All of them, in the same order for every database.</summary>
    public static UserColumn[] Of(DbContext db) =>
    [
        .. db.Model.FindEntityType(typeof(User))!.GetProperties().OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => new UserColumn(property.GetColumnName(), property.GetColumnType().Split('(')[0])),
    ];
}
