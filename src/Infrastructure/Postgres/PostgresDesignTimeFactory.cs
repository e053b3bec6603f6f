using Microsoft.EntityFrameworkCore.Design;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>Gives <c>dotnet ef</c> the model. No database is opened.</summary>
internal sealed class PostgresDesignTimeFactory : IDesignTimeDbContextFactory<PostgresWriteContext>
{
    public PostgresWriteContext CreateDbContext(string[] args) => new(PostgresModel.Use<PostgresWriteContext>().Options);
}
