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
    public void Names_what_is_missing()
    {
        var nowhere = Path.Combine(_folder, "nowhere");

        Assert.Contains(Location.File, Assert.Throws<ConfigurationException>(() => SqliteBackup.Copy(Location.File, Backup)).Message);

        MakeDatabase("Ann");

        var error = Assert.Throws<ConfigurationException>(() => SqliteBackup.Copy(Location.File, Path.Combine(nowhere, "users.db")));

        Assert.Equal($"The folder {nowhere} does not exist. Make it, or name a file in another folder.", error.Message);
        Assert.False(Directory.Exists(nowhere));
    }

    [Fact]
    public void Copies_nothing_where_a_service_has_lost_its_WAL()
    {
        using var file = new SqliteFile(Location);
        file.Lock();
        SqliteFile.Execute(file.OpenWriter(), "CREATE TABLE users (name); INSERT INTO users VALUES ('Ann')");
        File.Delete($"{Location.File}-wal");
        File.Delete($"{Location.File}-shm");

        Assert.Contains("WAL", Assert.Throws<ConfigurationException>(() => SqliteBackup.Copy(Location.File, Backup)).Message);
        Assert.False(File.Exists(Backup));
    }

    [Fact]
    public void Leaves_nothing_half_done_where_the_original_is_damaged()
    {
        File.WriteAllText(Location.File, string.Concat(Enumerable.Repeat("no database ", 1000)));

        Assert.Throws<ConfigurationException>(() => SqliteBackup.Copy(Location.File, Backup));
        Assert.Equal([Location.File], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_backup_of_a_killed_service_leaves_the_original_whole_in_its_one_file()
    {
        MakeDatabase("Ann");
        KillWhileItWrites("INSERT INTO users VALUES ('Bob')");
        Assert.True(File.Exists($"{Location.File}-wal"));

        Assert.Equal(2, SqliteBackup.Copy(Location.File, Backup));

        Assert.Equal([Backup, Location.File], Directory.GetFiles(_folder).Order());
        Assert.Equal(2, Count(Location.File));
    }

    [Fact]
    public void A_killed_backup_is_no_obstacle_to_the_next()
    {
        MakeDatabase("Ann");
        File.WriteAllText($"{Backup}.unfinished", "half a database");
        File.WriteAllText($"{Backup}.unfinished-journal", "half a journal");

        SqliteBackup.Copy(Location.File, Backup);

        Assert.Equal([Backup, Location.File], Directory.GetFiles(_folder).Order());
    }

    private void MakeDatabase(string name) => Change($"CREATE TABLE users (name); INSERT INTO users VALUES ('{name}')");

    private void Change(string sql)
    {
        using var file = new SqliteFile(Location);
        using var writer = file.OpenWriter();
        SqliteFile.Execute(writer, sql);
    }

    // A kill leaves the files as they are while a connection is open, because nothing closes the connection.
    private void KillWhileItWrites(string sql)
    {
        var copies = Directory.CreateDirectory(Path.Combine(_folder, "copies")).FullName;
        using (var file = new SqliteFile(Location))
        {
            SqliteFile.Execute(file.OpenWriter(), sql);
            foreach (var path in Directory.GetFiles(_folder, "users.db*"))
                File.Copy(path, Path.Combine(copies, Path.GetFileName(path)));
        }

        foreach (var path in Directory.GetFiles(copies))
            File.Move(path, Path.Combine(_folder, Path.GetFileName(path)), overwrite: true);
        Directory.Delete(copies);
    }

    private static long Count(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return SqliteFile.Scalar(connection, "SELECT count(*) FROM users");
    }
}
