using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace UserCqrs.Infrastructure.Sqlite.Migrations;

/// <summary>The model as the last migration left it; a test holds it against the model of today.</summary>
[DbContext(typeof(SqliteWriteContext))]
internal sealed class SqliteModelSnapshot : ModelSnapshot
{
    protected override void BuildModel(ModelBuilder modelBuilder) =>
        modelBuilder.Entity("UserCqrs.Domain.User", user =>
        {
            user.Property<long>("Id").ValueGeneratedOnAdd().HasColumnName("id").HasColumnType("INTEGER");
            user.Property<string>("Name").IsRequired().HasMaxLength(200).HasColumnName("name").HasColumnType("TEXT");
            user.Property<string>("Email").IsRequired().HasMaxLength(254).HasColumnName("email").HasColumnType("TEXT");
            user.Property<string>("EmailKey").IsRequired().HasMaxLength(254).HasColumnName("email_key").HasColumnType("TEXT");
            user.Property<long>("CreatedAt").HasColumnName("created_at").HasColumnType("INTEGER");
            user.Property<long>("UpdatedAt").HasColumnName("updated_at").HasColumnType("INTEGER");
            user.Property<long>("Version").IsConcurrencyToken().HasColumnName("version").HasColumnType("INTEGER");
            user.HasKey("Id");
            user.HasIndex("EmailKey").IsUnique().HasDatabaseName("ux_users_email_key");
            user.HasIndex("Name", "Id").HasDatabaseName("ix_users_name");
            user.HasIndex("CreatedAt", "Id").HasDatabaseName("ix_users_created_at");
            user.HasIndex("UpdatedAt", "Id").HasDatabaseName("ix_users_updated_at");
            user.ToTable("users");
        });
}
