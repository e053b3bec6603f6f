using Npgsql;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>A database on one or more PostgreSQL servers.</summary>
/// <param name="Settings">As its operator gave them; <see cref="PostgresSources"/> adds what they leave open.</param>
internal sealed record PostgresLocation(NpgsqlConnectionStringBuilder Settings) : DatabaseLocation
{
    /// <summary>What messages may say of it: no user, no password.</summary>
    public override string ToString() => $"the database {Settings.Database} on {Settings.Host}:{Settings.Port}";
}
