using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace UserCqrs.Infrastructure.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class IndexUserFields : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Added by hand: an index whose building was interrupted is there, but invalid.
            migrationBuilder.Sql("DROP INDEX CONCURRENTLY IF EXISTS ix_users_inactive;", suppressTransaction: true);
            migrationBuilder.Sql("DROP INDEX CONCURRENTLY IF EXISTS ux_users_external_id;", suppressTransaction: true);

            migrationBuilder.CreateIndex(
                name: "ix_users_inactive",
                table: "users",
                column: "id",
                filter: "NOT active")
                .Annotation("Npgsql:CreatedConcurrently", true);

            migrationBuilder.CreateIndex(
                name: "ux_users_external_id",
                table: "users",
                column: "external_id",
                unique: true,
                filter: "external_id IS NOT NULL")
                .Annotation("Npgsql:CreatedConcurrently", true);
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
