using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure;

/// <summary>The configuration of the log of changes, the same for all databases. Triggers of the users table write it.</summary>
internal sealed class UserChangeConfiguration : IEntityTypeConfiguration<UserChange>
{
    /// <summary>The name of the table.</summary>
    public const string Table = "user_changes";

    public void Configure(EntityTypeBuilder<UserChange> builder)
    {
        builder.ToTable(Table);
        builder.HasKey(change => change.Id);
        builder.Property(change => change.Id).HasColumnName("id");
        builder.Property(change => change.Type).HasColumnName("type");
        builder.Property(change => change.UserId).HasColumnName("user_id");
        builder.Property(change => change.At).HasColumnName("at");
        builder.Property(change => change.By).HasColumnName("by");
        builder.ConfigureState();

        builder.HasIndex(change => new { change.UserId, change.Id }).HasDatabaseName("ix_user_changes_user_id");
    }

    /// <summary>The columns that an entry copies from the users table, all but the version.</summary>
    public static IReadOnlyList<string> CopiedColumns(IReadOnlyModel model) =>
    [
        .. model.FindEntityType(typeof(UserChange))!.GetProperties()
            .Where(property => property.PropertyInfo!.DeclaringType == typeof(UserState)
                && property.Name != nameof(UserState.Version))
            .Select(property => property.GetColumnName()),
    ];
}
