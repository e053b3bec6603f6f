using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure;

/// <summary>The configuration of the users table that all databases share; their models add to it.</summary>
internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    /// <summary>The name of the table.</summary>
    public const string Table = "users";

    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable(Table);
        builder.HasKey(user => user.Id);
        builder.Property(user => user.Id).HasColumnName("id");
        builder.Property(user => user.Name).HasColumnName("name").HasMaxLength(UserName.MaxLength);
        builder.Property(user => user.Email).HasColumnName("email").HasMaxLength(EmailAddress.MaxLength);
        builder.Property(user => user.EmailKey).HasColumnName("email_key").HasMaxLength(EmailAddress.MaxLength);
        builder.Property(user => user.ExternalId).HasColumnName("external_id").HasMaxLength(ExternalId.MaxLength);

        builder.Property(user => user.SearchText).HasColumnName("search_text");

        // The defaults are for the users that exist when the columns are added; the service always gives a value.
        builder.Property(user => user.Active).HasColumnName("active").HasDefaultValue(true).ValueGeneratedNever();
        builder.Property(user => user.Attributes).HasColumnName("attributes")
            .HasDefaultValue(UserAttributes.None.Json).ValueGeneratedNever();
        builder.Property(user => user.CreatedAt).HasColumnName("created_at");
        builder.Property(user => user.UpdatedAt).HasColumnName("updated_at");
        builder.Property(user => user.Version).HasColumnName("version").IsConcurrencyToken();

        builder.HasIndex(user => user.EmailKey).IsUnique().HasDatabaseName(UniqueIndexes.EmailKey);
        builder.HasIndex(user => user.ExternalId).IsUnique().HasFilter("external_id IS NOT NULL")
            .HasDatabaseName(UniqueIndexes.ExternalId);
        builder.HasIndex(user => user.Id, "ix_users_inactive").HasFilter("NOT active");
        builder.HasIndex(user => user.Id, "ix_users_without_search_text").HasFilter("search_text IS NULL");
        builder.HasIndex(user => new { user.Name, user.Id }).HasDatabaseName("ix_users_name");
        builder.HasIndex(user => new { user.CreatedAt, user.Id }).HasDatabaseName("ix_users_created_at");
        builder.HasIndex(user => new { user.UpdatedAt, user.Id }).HasDatabaseName("ix_users_updated_at");
    }
}
