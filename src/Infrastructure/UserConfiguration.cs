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
        builder.ConfigureState();
        builder.Property(user => user.SearchText).HasColumnName("search_text");
        builder.Property(user => user.ChangedBy).HasColumnName("changed_by");
        builder.Property(user => user.Version).IsConcurrencyToken();

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

/// <summary>The columns that the users table and the log of changes have in common.</summary>
internal static class UserStateConfiguration
{
    public static void ConfigureState<TState>(this EntityTypeBuilder<TState> builder) where TState : UserState
    {
        builder.Property(state => state.Name).HasColumnName("name").HasMaxLength(UserName.MaxLength);
        builder.Property(state => state.Email).HasColumnName("email").HasMaxLength(EmailAddress.MaxLength);
        builder.Property(state => state.EmailKey).HasColumnName("email_key").HasMaxLength(EmailAddress.MaxLength);
        builder.Property(state => state.ExternalId).HasColumnName("external_id").HasMaxLength(ExternalId.MaxLength);
        // The defaults are for the users that exist when the columns are added; the service always gives a value.
        builder.Property(state => state.Active).HasColumnName("active").HasDefaultValue(true).ValueGeneratedNever();
        builder.Property(state => state.Attributes).HasColumnName("attributes")
            .HasDefaultValue(UserAttributes.None.Json).ValueGeneratedNever();
        builder.Property(state => state.CreatedAt).HasColumnName("created_at");
        builder.Property(state => state.UpdatedAt).HasColumnName("updated_at");
        builder.Property(state => state.Version).HasColumnName("version");
    }
}
