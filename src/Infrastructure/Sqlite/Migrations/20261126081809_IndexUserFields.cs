using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace UserCqrs.Infrastructure.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class IndexUserFields : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_users_inactive",
                table: "users",
                column: "id",
                filter: "NOT active");

            migrationBuilder.CreateIndex(
                name: "ux_users_external_id",
                table: "users",
                column: "external_id",
                unique: true,
                filter: "external_id IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_users_inactive",
                table: "users");

            migrationBuilder.DropIndex(
                name: "ux_users_external_id",
                table: "users");
        }
    }
}
