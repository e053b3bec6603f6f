using Microsoft.Data.Sqlite;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.UnitTests.Infrastructure.Sqlite;

public sealed class SqliteBackupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("usercqrs-").FullName;

    private SqliteLocation Location => new(Path.Combine(_folder, "users.db"));

    private string Backup => Path.Combine(_folder, "backup.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Copies_what_is_committed_while_the_writer_is_in_the_middle_of_more()
    {
        using var file = new SqliteFile(Location);
        file.Lock();
        using var writer = file.OpenWriter();
        SqliteFile.Execute(writer, "CREATE TABLE users (name); INSERT INTO users VALUES ('Ann'), ('Bob')");
        SqliteFile.Execute(writer, "BEGIN IMMEDIATE; INSERT INTO users VALUES ('Cleo')");
        Assert.Equal(2, SqliteBackup.Copy(Location.File, Backup));
        SqliteFile.Execute(writer, "COMMIT");
        Assert.Equal(3, SqliteBackup.Copy(Location.File, Path.Combine(_folder, "later.db")));
    }

    [Fact]
    public void Overwrites_nothing()
    {
        MakeDatabase("Ann");
        File.WriteAllText(Backup, "mine");
        Assert.Contains(Backup, Assert.Throws<ConfigurationException>(() => SqliteBackup.Copy(Location.File, Backup)).Message);
        Assert.Equal("mine", File.ReadAllText(Backup));
    }

    [Fact]
    public void Leaves_nothing_half_done_where_the_original_is_damaged()
    {
        File.WriteAllText(Location.File, string.Concat(Enumerable.Repeat("no database ", 1000)));
        Assert.Throws<ConfigurationException>(() => SqliteBackup.Copy(Location.File, Backup));
        Assert.Equal([Location.File], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Restores_a_backup_and_keeps_what_was_there()
    {
        MakeDatabase("Ann");
        SqliteBackup.Copy(Location.File, Backup);
        Change("INSERT INTO users VALUES ('Bob')");
        var (users, former) = SqliteBackup.Restore(Backup, Location);
        Assert.Equal(1, users);
        Assert.Equal(1, Count(Location.File));
        Assert.Equal(2, Count(former!));
    }

    [Fact]
    public void Restores_where_nothing_was()
    {
        MakeDatabase("Ann");
        File.Move(Location.File, Backup);
        Assert.Equal((1, null), SqliteBackup.Restore(Backup, Location));
    }

    [Fact]
    public void Restores_nothing_under_a_running_service_and_nothing_that_is_no_backup()
    {
        MakeDatabase("Ann");
        SqliteBackup.Copy(Location.File, Backup);
        using (var running = new SqliteFile(Location))
        {
            running.Lock();
            Assert.Throws<ConfigurationException>(() => SqliteBackup.Restore(Backup, Location));
        }

        File.WriteAllText(Backup, "no database at all, but some text that is long enough to look at");
        Assert.Throws<ConfigurationException>(() => SqliteBackup.Restore(Backup, Location));
        Assert.Equal(1, Count(Location.File));
    }

    private void MakeDatabase(string name) => Change($"CREATE TABLE users (name); INSERT INTO users VALUES ('{name}')");

    private void Change(string sql)
    {
        using var file = new SqliteFile(Location);
        using var writer = file.OpenWriter();
        SqliteFile.Execute(writer, sql);
    }

    private static long Count(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return SqliteFile.Scalar(connection, "SELECT count(*) FROM users");
    }
}
