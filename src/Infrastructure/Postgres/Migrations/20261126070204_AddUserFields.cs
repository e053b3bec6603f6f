using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace UserCqrs.Infrastructure.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class AddUserFields : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Added by hand: while this waits for the table, so does everybody else. PostgresMigrator tries again.
            migrationBuilder.Sql("SET LOCAL lock_timeout = '300ms';");

            migrationBuilder.AddColumn<bool>(
                name: "active",
                table: "users",
                type: "boolean",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<string>(
                name: "attributes",
                table: "users",
                type: "text",
                nullable: false,
                defaultValue: "{}",
                collation: "C");

            migrationBuilder.AddColumn<string>(
                name: "external_id",
                table: "users",
                type: "character varying(255)",
                maxLength: 255,
                nullable: true,
                collation: "C");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "active",
                table: "users");

            migrationBuilder.DropColumn(
                name: "attributes",
                table: "users");

            migrationBuilder.DropColumn(
                name: "external_id",
                table: "users");
        }
    }
}
