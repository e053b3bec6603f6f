using System.Data.Common;
using Npgsql;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// One Npgsql data source, which is a pool of connections, for each purpose, so that no purpose waits for the connections of
/// another. If several hosts are named, lists go to a standby if there is one, and everything else goes to the primary.
/// </summary>
/// <remarks>
/// Commands do not share connections (Npgsql's multiplexing). With it, after a time-out, commands on the same connection received
/// each other's protocol messages, and the pool stopped permanently (Npgsql 10.0.0 and 10.0.3).
/// </remarks>
internal sealed class PostgresDataSources : IDisposable
{
    /// <summary>How long lists avoid a standby that failed: if it hangs, each attempt takes as long as the time-out.</summary>
    private const int StandbyPause = 5_000; // milliseconds

    /// <summary>The keys are read once a second, and the last use of each is written once a minute.</summary>
    private const int KeyConnections = 4;

    private readonly NpgsqlDataSource _writes;
    private readonly NpgsqlDataSource _reads;
    private readonly NpgsqlDataSource _lists;
    private readonly NpgsqlDataSource _keys;
    private long _standbyPausedUntil;

    /// <exception cref="ConfigurationException">The settings contradict each other.</exception>
    public PostgresDataSources(PostgresLocation location)
    {
        var settings = Complete(location.Settings);
        HasSeveralHosts = settings.Host!.Contains(',', StringComparison.Ordinal);
        try
        {
            _writes = Build(settings, "writes");
            _reads = Build(settings, "reads");
            _lists = Build(settings, "lists");
            settings.MaxPoolSize = Math.Min(settings.MaxPoolSize, KeyConnections);
            settings.MinPoolSize = Math.Min(settings.MinPoolSize, KeyConnections);
            _keys = Build(settings, "keys");
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new ConfigurationException($"Npgsql rejects the settings for {location}: {e.Message}");
        }
    }

    /// <summary>Whether lists may use another host than the other statements.</summary>
    public bool HasSeveralHosts { get; }

    public DbConnection Write() => Connect(_writes, TargetSessionAttributes.Primary);

    public DbConnection Read() => Connect(_reads, TargetSessionAttributes.Primary);

    /// <summary>A connection for API keys, which must be readable even if all other connections are in use.</summary>
    public DbConnection Keys() => Connect(_keys, TargetSessionAttributes.Primary);

    /// <summary>
    /// A connection to a standby if there is one and none has failed in the last 5 seconds, else to the primary.
    /// </summary>
    public DbConnection List() => Connect(_lists, Environment.TickCount64 < Volatile.Read(ref _standbyPausedUntil)
        ? TargetSessionAttributes.Primary
        : TargetSessionAttributes.PreferStandby);

    /// <summary>A connection for lists that must not be stale.</summary>
    public DbConnection ListOnPrimary() => Connect(_lists, TargetSessionAttributes.Primary);

    /// <summary>A connection to the primary, because a standby has failed.</summary>
    public DbConnection ListAfterFailure()
    {
        Volatile.Write(ref _standbyPausedUntil, Environment.TickCount64 + StandbyPause);
        return List();
    }

    public void Dispose()
    {
        _writes.Dispose();
        _reads.Dispose();
        _lists.Dispose();
        _keys.Dispose();
    }

    // The operator's settings take precedence over these defaults.
    private static NpgsqlConnectionStringBuilder Complete(NpgsqlConnectionStringBuilder given)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "usercqrs",
            MaxPoolSize = 20, // of each of the three pools for users; a server allows 100 connections by default
            MaxAutoPrepare = 64, // enough for all sorts, filters and their usual combinations
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true, // the service leaves no session state; a reset costs more than a point read
            Timeout = 3, // seconds to open a connection
            CommandTimeout = 5, // seconds to execute a statement
            CancellationTimeout = 500, // milliseconds to wait for the server to confirm a cancellation
            HostRecheckSeconds = 1, // how long the known role of a host is trusted; bounds the outage after a failover
        };
        foreach (var (keyword, value) in given)
            settings[keyword] = value;
        return settings;
    }

    // Telemetry identifies the pools by name; without a name it would show the connection string.
    private NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings, string name)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name };
        builder.ConfigureTracing(tracing => tracing.EnableFirstResponseEvent(false)); // useful only for tuning Npgsql
        return HasSeveralHosts ? builder.BuildMultiHost() : builder.Build();
    }

    private static NpgsqlConnection Connect(NpgsqlDataSource source, TargetSessionAttributes target) =>
        source is NpgsqlMultiHostDataSource several ? several.CreateConnection(target) : source.CreateConnection();
}
