using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace UserCqrs.Infrastructure.Postgres.Migrations;

[DbContext(typeof(PostgresWriteContext))]
[Migration(Id)]
internal sealed class CreateUsers : Migration
{
    public const string Id = "20261122000000_CreateUsers";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "users",
            columns: table => new
            {
                id = table.Column<long>(type: "bigint", nullable: false)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, collation: "C"),
                email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false, collation: "C"),
                email_key = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false, collation: "C"),
                created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                version = table.Column<long>(type: "bigint", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_users", user => user.id));

        migrationBuilder.CreateIndex("ux_users_email_key", "users", "email_key", unique: true);
        migrationBuilder.CreateIndex("ix_users_name", "users", ["name", "id"]);
        migrationBuilder.CreateIndex("ix_users_created_at", "users", ["created_at", "id"]);
        migrationBuilder.CreateIndex("ix_users_updated_at", "users", ["updated_at", "id"]);
    }
}
