using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure;

/// <summary>Healthy if the database responds and its schema is the one for which this version was built.</summary>
internal sealed class DatabaseHealthCheck(ReadContext db, SchemaVersion schema) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            var newest = await db.Database
                .SqlQuery<string>($"SELECT max(\"MigrationId\") AS \"Value\" FROM \"__EFMigrationsHistory\"")
                .SingleAsync(cancellationToken);
            return newest == schema.Migration
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"The schema is {newest}, not {schema.Migration}.");
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            return HealthCheckResult.Unhealthy("The database does not respond.");
        }
    }
}

/// <summary>The newest migration that this version knows.</summary>
internal sealed record SchemaVersion(string Migration)
{
    /// <summary>Finds the newest migration of a context.</summary>
    public static SchemaVersion Of<TContext>() where TContext : WriteContext => new(
        typeof(TContext).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Migration))
                && type.GetCustomAttribute<DbContextAttribute>()!.ContextType == typeof(TContext))
            .Select(type => type.GetCustomAttribute<MigrationAttribute>()!.Id)
            .Max(StringComparer.Ordinal)!);

    /// <summary>Whether the database has all migrations that this version knows.</summary>
    /// <exception cref="ConfigurationException">The database has a migration that this version does not know.</exception>
    public static async Task<bool> IsCurrentAsync(DbContext db, CancellationToken cancellationToken)
    {
        var known = db.Database.GetMigrations().ToList();
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        return applied.Except(known).FirstOrDefault() is { } unknown
            ? throw new ConfigurationException(
                $"The database was made by a newer version of this service: it has the migration {unknown}.")
            : applied.Count == known.Count;
    }
}
