using System.Data.Common;
using Npgsql;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// Connections, pooled by Npgsql, for the three things they are wanted for. Where several hosts are named, writes and reads of
/// one user go to the primary among them and lists to a standby if one is there.
/// </summary>
internal sealed class PostgresSources : IDisposable
{
    /// <summary>How long lists keep away from a standby that failed one: if it hangs, each try costs its time-out.</summary>
    private const int StandbyRest = 5_000; // milliseconds

    private long _standbyRestsUntil;
    private readonly NpgsqlDataSource _writes;
    private readonly NpgsqlDataSource _reads;
    private readonly NpgsqlDataSource _writesOnPrimary;
    private readonly NpgsqlDataSource _readsOnPrimary;
    private readonly NpgsqlDataSource _readsOnStandby;

    public PostgresSources(PostgresLocation location)
    {
        var writes = Complete(location.Settings);
        var reads = new NpgsqlConnectionStringBuilder(writes.ConnectionString)
        {
            Options = $"{writes.Options} -c default_transaction_read_only=on".TrimStart(),
        };
        (_writes, _writesOnPrimary, _) = Build(writes);
        (_reads, _readsOnPrimary, _readsOnStandby) = Build(reads);
    }

    /// <summary>Whether lists may go elsewhere than the rest.</summary>
    public bool HasSeveralHosts => _readsOnStandby != _readsOnPrimary;

    public DbConnection Write() => _writesOnPrimary.CreateConnection();

    public DbConnection Read() => _readsOnPrimary.CreateConnection();

    /// <summary>By a standby, but for some seconds after one has failed.</summary>
    public DbConnection ReadOnStandby() =>
        Environment.TickCount64 < Volatile.Read(ref _standbyRestsUntil) ? Read() : _readsOnStandby.CreateConnection();

    /// <summary>By the primary, because a standby has failed.</summary>
    public DbConnection ReadAfterStandby()
    {
        Volatile.Write(ref _standbyRestsUntil, Environment.TickCount64 + StandbyRest);
        return Read();
    }

    public void Dispose()
    {
        _writes.Dispose();
        _reads.Dispose();
    }

    // What the operator said stands.
    private static NpgsqlConnectionStringBuilder Complete(NpgsqlConnectionStringBuilder given)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "usercqrs",
            MaxPoolSize = 32,
            MaxAutoPrepare = 64, // as many statements as there are sorts, filters and their usual combinations
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true, // nobody leaves anything in a session; resetting it costs more than a point read
            Timeout = 3, // seconds, until a connection is there
            CommandTimeout = 5, // seconds, until a statement is answered
            CancellationTimeout = 500, // milliseconds, until a server that does not answer is left to itself
            HostRecheckSeconds = 1, // how long a host counts as what it was last; bounds the outage after a failover
        };
        foreach (var (keyword, value) in given)
            settings[keyword] = value;
        return settings;
    }

    private static (NpgsqlDataSource Owner, NpgsqlDataSource Primary, NpgsqlDataSource Standby) Build(NpgsqlConnectionStringBuilder settings)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (!settings.Host!.Contains(',', StringComparison.Ordinal))
        {
            var single = builder.Build();
            return (single, single, single);
        }

        var several = builder.BuildMultiHost();
        return (several, several.WithTargetSession(TargetSessionAttributes.Primary), several.WithTargetSession(TargetSessionAttributes.PreferStandby));
    }
}
