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

    private readonly NpgsqlDataSource _writes;
    private readonly NpgsqlDataSource _reads;
    private readonly NpgsqlDataSource _lists;
    private long _standbyRestsUntil;

    public PostgresSources(PostgresLocation location)
    {
        var settings = Complete(location.Settings);
        HasSeveralHosts = settings.Host!.Contains(',', StringComparison.Ordinal);
        _writes = Build(settings);

        settings.Options = $"{settings.Options} -c default_transaction_read_only=on".TrimStart();
        _lists = Build(settings);

        // Reads of one user are short and hold nothing in a session, so that many can share a connection, which doubles what
        // they can do. A list may take long, and would hold up whoever shares with it. Npgsql shares with one host only.
        settings.Multiplexing = !HasSeveralHosts;
        _reads = HasSeveralHosts ? _lists : Build(settings);
    }

    /// <summary>Whether lists may go elsewhere than the rest.</summary>
    public bool HasSeveralHosts { get; }

    public DbConnection Write() => Connect(_writes, TargetSessionAttributes.Primary);

    public DbConnection Read() => Connect(_reads, TargetSessionAttributes.Primary);

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
    }

    // What the operator said stands.
    private static NpgsqlConnectionStringBuilder Complete(NpgsqlConnectionStringBuilder given)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "usercqrs",
            MaxPoolSize = 20, // of each of three pools; a server has 100 connections by default
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

    private NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        return HasSeveralHosts ? builder.BuildMultiHost() : builder.Build();
    }

    private static NpgsqlConnection Connect(NpgsqlDataSource source, TargetSessionAttributes target) =>
        source is NpgsqlMultiHostDataSource several ? several.CreateConnection(target) : source.CreateConnection();
}
