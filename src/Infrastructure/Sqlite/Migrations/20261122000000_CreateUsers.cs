using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace UserCqrs.Infrastructure.Sqlite.Migrations;

[DbContext(typeof(SqliteWriteContext))]
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
                id = table.Column<long>(type: "INTEGER", nullable: false).Annotation("Sqlite:Autoincrement", true),
                name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                email_key = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                created_at = table.Column<long>(type: "INTEGER", nullable: false),
                updated_at = table.Column<long>(type: "INTEGER", nullable: false),
                version = table.Column<long>(type: "INTEGER", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_users", user => user.id));

        migrationBuilder.CreateIndex("ux_users_email_key", "users", "email_key", unique: true);
        migrationBuilder.CreateIndex("ix_users_name", "users", ["name", "id"]);
        migrationBuilder.CreateIndex("ix_users_created_at", "users", ["created_at", "id"]);
        migrationBuilder.CreateIndex("ix_users_updated_at", "users", ["updated_at", "id"]);
    }
}
