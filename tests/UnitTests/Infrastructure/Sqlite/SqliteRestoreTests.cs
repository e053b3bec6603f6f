using Microsoft.Data.Sqlite;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.UnitTests.Infrastructure.Sqlite;

/// <summary>
/// tests/proofs/kill-points.sh kills the command at every system call that changes a file. The tests here repeat the states that
/// it leaves.
/// </summary>
public sealed class SqliteRestoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("usercqrs-").FullName;

    private SqliteLocation Location => new(Path.Combine(_folder, "users.db"));

    private string Backup => Path.Combine(_folder, "backup.db");

    private string Restoring => Path.Combine(_folder, "users.db.restoring");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Restores_a_backup_and_keeps_what_was_there()
    {
        MakeDatabase("Ann");
        SqliteBackup.Copy(Location.File, Backup);
        Change(Location.File, "INSERT INTO users VALUES ('Bob')");

        var (users, former) = SqliteRestore.Run(Backup, Location);

        Assert.Equal(1, users);
        Assert.Equal(["Ann"], Names(Location.File));
        Assert.Equal(["Ann", "Bob"], Names(Path.Combine(former!, "users.db")));
        Assert.Equal([Backup, Location.File, $"{Location.File}.lock"], Directory.GetFiles(_folder).Order());
    }

    [Fact]
    public void Restores_where_nothing_was()
    {
        MakeDatabase("Ann");
        File.Move(Location.File, Backup);

        Assert.Equal((1, null), SqliteRestore.Run(Backup, Location));
        Assert.Equal(["Ann"], Names(Location.File));
    }

    [Fact]
    public void A_WAL_whose_database_is_gone_is_not_replayed_over_the_backup()
    {
        MakeDatabase("Ann");
        SqliteBackup.Copy(Location.File, Backup);
        ChangeAndBeKilled("UPDATE users SET name = 'Bob'");
        File.Move(Location.File, Path.Combine(_folder, "damaged.db"));

        var (_, former) = SqliteRestore.Run(Backup, Location);

        Assert.Equal(["Ann"], Names(Location.File));
        Assert.True(File.Exists(Path.Combine(former!, "users.db-wal")));
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("truncated")]
    [InlineData("zeroed")]
    [InlineData("overwritten")]
    [InlineData("no database")]
    public void Restores_over_whatever_is_there_and_keeps_it_as_it_was(string damage)
    {
        MakeDatabase("Ann");
        SqliteBackup.Copy(Location.File, Backup);
        var damaged = Damage(File.ReadAllBytes(Location.File), damage);
        File.WriteAllBytes(Location.File, damaged);

        var (users, former) = SqliteRestore.Run(Backup, Location);

        Assert.Equal(1, users);
        Assert.Equal(["Ann"], Names(Location.File));
        Assert.Equal(damaged, File.ReadAllBytes(Path.Combine(former!, "users.db")));
    }

    [Fact]
    public void Restores_nothing_under_a_running_service_and_nothing_that_is_no_backup()
    {
        MakeDatabase("Ann");
        SqliteBackup.Copy(Location.File, Backup);
        using (var running = new SqliteFile(Location))
        {
            running.Lock();
            Assert.Throws<ConfigurationException>(() => SqliteRestore.Run(Backup, Location));
        }

        File.WriteAllText(Backup, "no database at all, but some text that is long enough to look at");

        Assert.Throws<ConfigurationException>(() => SqliteRestore.Run(Backup, Location));
        Assert.Equal(["Ann"], Names(Location.File));
        Assert.False(Directory.Exists(Restoring));
    }

    [Fact]
    public void Nothing_opens_a_database_whose_restore_was_broken_off()
    {
        MakeDatabase("Ann");
        Directory.CreateDirectory(Restoring);
        using var file = new SqliteFile(Location);

        Assert.Contains("restore", Assert.Throws<ConfigurationException>(file.Lock).Message);
        Assert.Contains("restore", Assert.Throws<ConfigurationException>(() => SqliteBackup.Copy(Location.File, Backup)).Message);
    }

    [Theory]
    [InlineData(KilledAt.Copying)]
    [InlineData(KilledAt.Moving)]
    [InlineData(KilledAt.Moved)]
    [InlineData(KilledAt.InPlace)]
    public void A_restore_that_was_killed_is_finished_by_the_next(KilledAt point)
    {
        MakeDatabase("Ann");
        SqliteBackup.Copy(Location.File, Backup);
        ChangeAndBeKilled("INSERT INTO users VALUES ('Bob')"); // Bob is in the WAL alone
        Kill(point);

        SqliteRestore.Run(Backup, Location);

        var former = Directory.GetDirectories(_folder, "users.db.before-*").Order().First();
        Assert.Equal(["Ann"], Names(Location.File));
        Assert.False(Directory.Exists(Restoring));
        Assert.Equal(["Ann", "Bob"], Names(Path.Combine(former, "users.db")));
    }

    public enum KilledAt
    {
        Copying,
        Moving,
        Moved,
        InPlace,
    }

    private void Kill(KilledAt point)
    {
        Directory.CreateDirectory(Restoring);
        var restored = Path.Combine(Restoring, "restored.db");
        if (point == KilledAt.Copying)
        {
            File.WriteAllText($"{restored}.unfinished", "half a database");
            return;
        }

        SqliteBackup.Write(Backup, restored);
        string[] moved = point == KilledAt.Moving ? ["users.db"] : ["users.db", "users.db-wal", "users.db-shm"];
        foreach (var name in moved)
            File.Move(Path.Combine(_folder, name), Path.Combine(Restoring, name));
        if (point == KilledAt.InPlace)
            File.Move(restored, Location.File);
    }

    private static byte[] Damage(byte[] database, string damage) => damage switch
    {
        "empty" => [],
        "truncated" => database[..1500],
        "zeroed" => new byte[database.Length],
        "overwritten" => [.. database[..4096], .. Enumerable.Repeat((byte)0xA5, database.Length - 4096)],
        _ => "Dear diary, today I was put in the place of a database."u8.ToArray(),
    };

    private void MakeDatabase(string name) =>
        Change(Location.File, $"CREATE TABLE users (name); INSERT INTO users VALUES ('{name}')");

    private static void Change(string database, string sql)
    {
        using var file = new SqliteFile(new SqliteLocation(database));
        SqliteFile.Execute(file.OpenWriter(), sql);
    }

    // A kill leaves the files as they are while a connection is open, because nothing closes the connection.
    private void ChangeAndBeKilled(string sql)
    {
        var running = Directory.CreateDirectory(Path.Combine(_folder, "running")).FullName;
        var database = Path.Combine(running, "users.db");
        File.Copy(Location.File, database);
        using (var file = new SqliteFile(new SqliteLocation(database)))
        {
            SqliteFile.Execute(file.OpenWriter(), sql);
            foreach (var path in Directory.GetFiles(running))
                File.Copy(path, Path.Combine(_folder, Path.GetFileName(path)), overwrite: true);
        }

        Directory.Delete(running, recursive: true);
    }

    private static List<string> Names(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        Assert.Equal("ok", command.ExecuteScalar());
        command.CommandText = "SELECT name FROM users ORDER BY name";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
            names.Add(reader.GetString(0));
        return names;
    }
}
