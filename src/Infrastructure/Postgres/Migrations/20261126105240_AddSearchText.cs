using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace UserCqrs.Infrastructure.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class AddSearchText : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Added by hand: while this waits for the table, so does everybody else. PostgresMigrator tries again.
            migrationBuilder.Sql("SET LOCAL lock_timeout = '300ms';");

            migrationBuilder.AddColumn<string>(
                name: "search_text",
                table: "users",
                type: "text",
                nullable: true,
                collation: "C");

            // Added by hand: the functions of the indexes that PostgresIndexes makes. A tsvector has no words here, but terms of three characters.
            // The costs keep the planner from calling them for every user; higher ones would make it compile the query (JIT). RESTRICTED
            // keeps it from starting workers. Both take longer than most searches. A B-tree cannot hold
            // values of any length. Numbers are compared as doubles, as on SQLite.
            migrationBuilder.Sql("""
                CREATE OR REPLACE FUNCTION users_search_terms(search_text text) RETURNS tsvector
                LANGUAGE sql IMMUTABLE STRICT PARALLEL RESTRICTED COST 100 AS $$
                    SELECT array_to_tsvector(ARRAY(
                        SELECT substr(search_text, start, 3) FROM generate_series(1, length(search_text)) AS start
                        UNION ALL
                        SELECT '#' || left(md5(line), 4) FROM regexp_split_to_table(search_text, E'\\n+') AS line WHERE line <> ''))
                $$;
                CREATE OR REPLACE FUNCTION users_attribute(attributes text, path text) RETURNS jsonb
                LANGUAGE sql IMMUTABLE STRICT PARALLEL RESTRICTED COST 100 AS $$
                    SELECT CASE jsonb_typeof(value)
                        WHEN 'string' THEN CASE WHEN length(value #>> '{}') <= 255 THEN value END
                        WHEN 'number' THEN to_jsonb(value::numeric::float8)
                        WHEN 'boolean' THEN value END
                    FROM (SELECT attributes::jsonb #> string_to_array(path, '.') AS value) AS found
                $$;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP FUNCTION users_search_terms(text), users_attribute(text, text) CASCADE;");

            migrationBuilder.DropColumn(
                name: "search_text",
                table: "users");
        }
    }
}
