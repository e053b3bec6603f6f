using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Design;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>Gives <c>dotnet ef</c> the model. No database is opened.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteWriteContext>
{
    public SqliteWriteContext CreateDbContext(string[] args) =>
        new(SqliteModel.Use<SqliteWriteContext>(new SqliteConnection()).Options);
}
