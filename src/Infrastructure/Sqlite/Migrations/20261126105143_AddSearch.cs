using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace UserCqrs.Infrastructure.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class AddSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "search_text",
                table: "users",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_users_without_search_text",
                table: "users",
                column: "id",
                filter: "search_text IS NULL");

            // Added by hand: the full-text index, and the triggers that note what has to be indexed (see SqliteSearchIndex). Every
            // character belongs to a term, but the one that separates them (U+2028, category Zl).
            migrationBuilder.Sql("""
                CREATE VIRTUAL TABLE users_search USING fts5 (
                    terms, content='', columnsize=0, detail=none,
                    tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Zs Zp C*'");

                CREATE TABLE users_unindexed (user_id INTEGER NOT NULL PRIMARY KEY, indexed_text TEXT) STRICT;

                CREATE TRIGGER users_unindexed_insert AFTER INSERT ON users BEGIN
                    INSERT OR IGNORE INTO users_unindexed VALUES (new.id, NULL);
                END;

                CREATE TRIGGER users_unindexed_update AFTER UPDATE OF search_text ON users
                WHEN old.search_text IS NOT new.search_text BEGIN
                    INSERT OR IGNORE INTO users_unindexed VALUES (old.id, old.search_text);
                END;

                CREATE TRIGGER users_unindexed_delete AFTER DELETE ON users BEGIN
                    INSERT OR IGNORE INTO users_unindexed VALUES (old.id, old.search_text);
                END;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP TRIGGER users_unindexed_insert;
                DROP TRIGGER users_unindexed_update;
                DROP TRIGGER users_unindexed_delete;
                DROP TABLE users_unindexed;
                DROP TABLE users_search;
                """);

            migrationBuilder.DropIndex(
                name: "ix_users_without_search_text",
                table: "users");

            migrationBuilder.DropColumn(
                name: "search_text",
                table: "users");
        }
    }
}
