using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace UserCqrs.Infrastructure.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class IndexMissingSearchText : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Added by hand: an index whose building was interrupted is there, but invalid.
            migrationBuilder.Sql("DROP INDEX CONCURRENTLY IF EXISTS ix_users_without_search_text;", suppressTransaction: true);

            migrationBuilder.CreateIndex(
                name: "ix_users_without_search_text",
                table: "users",
                column: "id",
                filter: "search_text IS NULL")
                .Annotation("Npgsql:CreatedConcurrently", true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_users_without_search_text",
                table: "users");
        }
    }
}
