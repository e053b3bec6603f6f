using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace UserCqrs.Infrastructure.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class AddChangeLog : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "changed_by",
                table: "users",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "user_changes",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    type = table.Column<int>(type: "INTEGER", nullable: false),
                    user_id = table.Column<long>(type: "INTEGER", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    by = table.Column<string>(type: "TEXT", nullable: true),
                    name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    email_key = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    external_id = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    active = table.Column<bool>(type: "INTEGER", nullable: false, defaultValue: true),
                    attributes = table.Column<string>(type: "TEXT", nullable: false, defaultValue: "{}"),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_changes", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_user_changes_user_id",
                table: "user_changes",
                columns: new[] { "user_id", "id" });

            // Added by hand: the entry that every log begins with (UserChangeType.Begun).
            migrationBuilder.Sql("""
                INSERT INTO user_changes (type, user_id, version, at, name, email, email_key, created_at, updated_at)
                SELECT 0, 0, 0, at, '', '', '', at, at FROM (SELECT CAST(unixepoch('now', 'subsec') * 1000000 AS INTEGER) AS at) AS begun
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "user_changes");

            migrationBuilder.DropColumn(
                name: "changed_by",
                table: "users");
        }
    }
}
