using System.Data.Common;
using Npgsql;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// One Npgsql data source, which is a pool of connections, for each purpose, so that none waits for the connections of another.
/// Where several hosts are named, lists go to a standby if there is one and everything else to the primary.
/// </summary>
/// <remarks>
/// Connections are not shared between commands (Npgsql's multiplexing): around a time-out, commands that shared a connection
/// received each other's protocol messages (Npgsql 10.0.0 and 10.0.3), and the pool stopped for good.
/// </remarks>
internal sealed class PostgresDataSources : IDisposable
{
    /// <summary>How long lists keep away from a standby that failed one: if it hangs, each try costs its time-out.</summary>
    private const int StandbyRest = 5_000; // milliseconds

    /// <summary>The keys are read once a second, and the last use of each is written once a minute.</summary>
    private const int KeyConnections = 4;

    private readonly NpgsqlDataSource _writes;
    private readonly NpgsqlDataSource _reads;
    private readonly NpgsqlDataSource _lists;
    private readonly NpgsqlDataSource _keys;
    private long _standbyRestsUntil;

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
            throw new ConfigurationException($"Npgsql refuses the settings for {location}: {e.Message}");
        }
    }

    /// <summary>Whether lists may go elsewhere than the rest.</summary>
    public bool HasSeveralHosts { get; }

    public DbConnection Write() => Connect(_writes, TargetSessionAttributes.Primary);

    public DbConnection Read() => Connect(_reads, TargetSessionAttributes.Primary);

    /// <summary>To the API keys, which must be readable also while everything waits for the users.</summary>
    public DbConnection Keys() => Connect(_keys, TargetSessionAttributes.Primary);

    /// <summary>By a standby if there is one, but for some seconds after one has failed.</summary>
    public DbConnection List() => Connect(_lists, Environment.TickCount64 < Volatile.Read(ref _standbyRestsUntil)
        ? TargetSessionAttributes.Primary
        : TargetSessionAttributes.PreferStandby);

    /// <summary>By the primary, because a standby has failed.</summary>
    public DbConnection ListAfterFailure()
    {
        Volatile.Write(ref _standbyRestsUntil, Environment.TickCount64 + StandbyRest);
        return List();
    }

    public void Dispose()
    {
        _writes.Dispose();
        _reads.Dispose();
        _lists.Dispose();
        _keys.Dispose();
    }

    // What the operator said stands.
    private static NpgsqlConnectionStringBuilder Complete(NpgsqlConnectionStringBuilder given)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "usercqrs",
            MaxPoolSize = 20, // of each of the three pools for users; a server has 100 connections by default
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

    // Telemetry tells the pools apart by the name; without one it would show the connection string.
    private NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings, string name)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name };
        builder.ConfigureTracing(tracing => tracing.EnableFirstResponseEvent(false)); // of use to those who tune Npgsql
        return HasSeveralHosts ? builder.BuildMultiHost() : builder.Build();
    }

    private static NpgsqlConnection Connect(NpgsqlDataSource source, TargetSessionAttributes target) =>
        source is NpgsqlMultiHostDataSource several ? several.CreateConnection(target) : source.CreateConnection();
}
