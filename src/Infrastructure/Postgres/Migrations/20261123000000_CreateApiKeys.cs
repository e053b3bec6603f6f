using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace UserCqrs.Infrastructure.Postgres.Migrations;

/// <summary>The table of <see cref="ApiKeys.ApiKeyStore"/>, which is no part of EF Core's model.</summary>
[DbContext(typeof(PostgresWriteContext))]
[Migration(Id)]
internal sealed class CreateApiKeys : Migration
{
    public const string Id = "20261123000000_CreateApiKeys";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateTable(
        name: "api_keys",
        columns: table => new
        {
            id = table.Column<string>(type: "text", nullable: false, collation: "C"),
            name = table.Column<string>(type: "text", nullable: false),
            scopes = table.Column<string>(type: "text", nullable: false),
            hash = table.Column<byte[]>(type: "bytea", nullable: false),
            created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
            expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
            revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
            last_used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
        },
        constraints: table => table.PrimaryKey("PK_api_keys", key => key.id));
}
