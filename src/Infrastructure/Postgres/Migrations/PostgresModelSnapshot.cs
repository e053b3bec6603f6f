using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace UserCqrs.Infrastructure.Postgres.Migrations;

/// <summary>The model as the last migration left it; a test holds it against the model of today.</summary>
[DbContext(typeof(PostgresWriteContext))]
internal sealed class PostgresModelSnapshot : ModelSnapshot
{
    protected override void BuildModel(ModelBuilder modelBuilder) =>
        modelBuilder.HasAnnotation("Relational:MaxIdentifierLength", 63).Entity("UserCqrs.Domain.User", user =>
        {
            user.Property<long>("Id").ValueGeneratedOnAdd().HasColumnName("id").HasColumnType("bigint").UseIdentityByDefaultColumn();
            user.Property<string>("Name").IsRequired().HasMaxLength(200).HasColumnName("name")
                .HasColumnType("character varying(200)").UseCollation("C");
            user.Property<string>("Email").IsRequired().HasMaxLength(254).HasColumnName("email")
                .HasColumnType("character varying(254)").UseCollation("C");
            user.Property<string>("EmailKey").IsRequired().HasMaxLength(254).HasColumnName("email_key")
                .HasColumnType("character varying(254)").UseCollation("C");
            user.Property<DateTimeOffset>("CreatedAt").HasColumnName("created_at").HasColumnType("timestamp with time zone");
            user.Property<DateTimeOffset>("UpdatedAt").HasColumnName("updated_at").HasColumnType("timestamp with time zone");
            user.Property<long>("Version").IsConcurrencyToken().HasColumnName("version").HasColumnType("bigint");
            user.HasKey("Id");
            user.HasIndex("EmailKey").IsUnique().HasDatabaseName("ux_users_email_key");
            user.HasIndex("Name", "Id").HasDatabaseName("ix_users_name");
            user.HasIndex("CreatedAt", "Id").HasDatabaseName("ix_users_created_at");
            user.HasIndex("UpdatedAt", "Id").HasDatabaseName("ix_users_updated_at");
            user.ToTable("users");
        });
}
