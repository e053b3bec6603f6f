using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>Healthy while the database file is where it was opened. A query may not notice: open readers keep it.</summary>
internal sealed class SqliteFileHealthCheck(SqliteFile file) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(file.IsInPlace
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The database file was removed, moved or replaced."));
}
