using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>
/// Healthy while the database file is where it was opened. Queries may not notice its loss, because open readers keep the file.
/// </summary>
internal sealed class SqliteFileHealthCheck(SqliteFile file) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(file.IsInPlace
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The database file was removed, moved or replaced."));
}
