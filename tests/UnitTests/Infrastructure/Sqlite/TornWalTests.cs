using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.Sqlite;
using static UserCqrs.UnitTests.TestUsers;

namespace UserCqrs.UnitTests.Infrastructure.Sqlite;

/// <summary>
/// A power failure may leave any prefix of the WAL, and zeros instead of its end. The database then contains exactly the groups of
/// commands that were acknowledged by then: each group whole, and no group without those before it.
/// </summary>
public sealed class TornWalTests : IDisposable
{
    private const int Header = 32; // octets; sqlite.org/fileformat2.html#the_write_ahead_log
    private const int FrameHeader = 24;
    private const int Frame = FrameHeader + 4096;
    private const int Groups = 6;

    private readonly string _folder = Directory.CreateTempSubdirectory("usercqrs-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_prefix_of_a_WAL_opens_to_what_was_acknowledged_by_then()
    {
        var (database, wal, acknowledgedAt) = await RecordAsync();

        Assert.Equal(Groups, acknowledgedAt.Distinct().Count());
        Assert.Equal(wal.Length, acknowledgedAt[^1]);

        int[] inFrame = [0, 1, FrameHeader / 2, FrameHeader, Frame / 2, Frame - 1];
        var lengths = Enumerable.Range(0, (wal.Length - Header) / Frame)
            .SelectMany(frame => inFrame.Select(offset => Header + (frame * Frame) + offset))
            .Concat([0, 1, Header - 1, wal.Length]);
        foreach (var length in lengths)
        {
            var expected = acknowledgedAt.Count(end => end <= length);
            Assert.Equal((length, expected), (length, CountGroups(database, wal[..length])));
            byte[] zeroTail = [.. wal[..length], .. new byte[wal.Length - length]];
            if (length % Frame == Header + FrameHeader)
                Assert.Equal((length, expected), (length, CountGroups(database, zeroTail)));
        }
    }

    /// <summary>The files of a running service, and the length of the WAL when each group was acknowledged.</summary>
    private async Task<(byte[] Database, byte[] Wal, List<long> AcknowledgedAt)> RecordAsync()
    {
        var path = Path.Combine(_folder, "recorded.db");
        var options = Options.Create(new DatabaseOptions());
        using var file = new SqliteFile(new SqliteLocation(path));
        using var writer = new SqliteWriter(file, new UserCache(0), options, IndexedAttributes.None, new MigrationLog(NullLogger<MigrationLog>.Instance));
        await writer.StartAsync(Cancellation);
        var acknowledgedAt = new List<long>();
        for (var group = 1; group <= Groups; group++)
        {
            await writer.ExecuteAsync(() => AddAsync(writer, group), Saves.Once, Cancellation);
            acknowledgedAt.Add(new FileInfo($"{path}-wal").Length);
        }

        var recorded = (await ReadAsync(path), await ReadAsync($"{path}-wal"), acknowledgedAt);
        await writer.StopAsync(Cancellation);
        return recorded;
    }

    /// <summary>Adds as many users as the group's number says.</summary>
    private static async Task<Result<long>> AddAsync(SqliteWriter writer, int group)
    {
        await using var db = writer.CreateContext();
        for (var i = 1; i <= group; i++)
            db.Users.Add(User.Create(Data($"{group}", $"{group}.{i}@example.org"), TestDatabase.Noon));

        await db.TrySaveAsync(Cancellation);
        return group;
    }

    /// <summary>Opens the database as the service would after a crash, checks that its groups are whole, and counts them.</summary>
    private long CountGroups(byte[] database, byte[] wal)
    {
        var path = Path.Combine(_folder, "torn.db");
        SqliteBackup.Delete(path);
        File.WriteAllBytes(path, database);
        File.WriteAllBytes($"{path}-wal", wal);
        using var file = new SqliteFile(new SqliteLocation(path));
        var connection = file.OpenWriter();
        if (SqliteFile.Scalar(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'users'") == 0)
            return 0;

        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        Assert.Equal("ok", command.ExecuteScalar());
        command.CommandText = "SELECT CAST(name AS INTEGER), count(*) FROM users GROUP BY name ORDER BY 1";
        using var reader = command.ExecuteReader();
        var groups = 0;
        while (reader.Read())
            Assert.Equal((++groups, groups), (reader.GetInt64(0), reader.GetInt64(1)));
        return groups;
    }

    // Reads in another process, because this one would drop SQLite's locks when it closes the file.
    private static async Task<byte[]> ReadAsync(string path)
    {
        using (var copy = Process.Start("cp", [path, $"{path}.copy"]))
            await copy.WaitForExitAsync(Cancellation);
        return await File.ReadAllBytesAsync($"{path}.copy", Cancellation);
    }
}
