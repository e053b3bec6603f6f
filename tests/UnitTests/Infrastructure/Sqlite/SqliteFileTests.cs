using System.Diagnostics;
using Microsoft.Data.Sqlite;
using UserCqrs.Application.Common;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.UnitTests.Infrastructure.Sqlite;

public sealed class SqliteFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("usercqrs-").FullName;

    private string Database => Path.Combine(_folder, "users.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_commit_is_synced_and_readers_never_wait()
    {
        using var file = new SqliteFile(new SqliteLocation(Database));
        using var writer = file.OpenWriter();
        using var mode = writer.CreateCommand();
        mode.CommandText = "PRAGMA journal_mode";

        Assert.Equal(2, SqliteFile.Scalar(writer, "PRAGMA synchronous")); // FULL
        Assert.Equal(1, SqliteFile.Scalar(writer, "PRAGMA foreign_keys"));
        Assert.Equal("wal", mode.ExecuteScalar());
    }

    /// <summary>Versions around 3.50.4 could lose commits when a WAL was reset (sqlite.org/changes.html).</summary>
    [Fact]
    public void The_library_is_SQLite_3_53_4_or_newer()
    {
        using var file = new SqliteFile(new SqliteLocation(Database));
        using var command = file.OpenWriter().CreateCommand();
        command.CommandText = "SELECT sqlite_version()";

        Assert.True(Version.Parse((string)command.ExecuteScalar()!) >= new Version(3, 53, 4));
    }

    [Fact]
    public void A_file_is_used_by_one_at_a_time()
    {
        using var first = new SqliteFile(new SqliteLocation(Database));
        first.Lock();
        using var second = new SqliteFile(new SqliteLocation(Database));

        Assert.Contains(Database, Assert.Throws<ConfigurationException>(second.Lock).Message);
    }

    [Theory]
    [InlineData("link.db")] // a symbolic link to the file
    [InlineData("chain.db")] // one to that
    [InlineData("folder/users.db")] // one to its folder
    [InlineData("folder/../users.db")]
    public void A_symbolic_link_to_the_file_is_the_file(string path)
    {
        File.CreateSymbolicLink(Path.Combine(_folder, "link.db"), "users.db");
        File.CreateSymbolicLink(Path.Combine(_folder, "chain.db"), Path.Combine(_folder, "link.db"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "folder"), ".");

        Assert.Equal(SqliteLocation.At(Database), SqliteLocation.At(Path.Combine(_folder, path)));
    }

    [Fact]
    public void Symbolic_links_in_a_circle_are_refused()
    {
        File.CreateSymbolicLink(Database, "other.db");
        File.CreateSymbolicLink(Path.Combine(_folder, "other.db"), "users.db");

        Assert.Contains(Database, Assert.Throws<ConfigurationException>(() => SqliteLocation.At(Database)).Message);
    }

    [Fact]
    public void A_file_of_two_names_is_used_by_one_at_a_time()
    {
        using var first = new SqliteFile(new SqliteLocation(Database));
        first.Lock();
        using var writer = first.OpenWriter();
        var otherName = Path.Combine(_folder, "other.db");
        using (var link = Process.Start("ln", [Database, otherName]))
            link.WaitForExit();
        using var second = new SqliteFile(new SqliteLocation(otherName));

        Assert.Contains(otherName, Assert.Throws<ConfigurationException>(second.Lock).Message);
    }

    [Fact]
    public void A_file_of_two_names_is_refused_also_when_nobody_uses_it()
    {
        using (var file = new SqliteFile(new SqliteLocation(Database)))
        {
            file.Lock();
            file.OpenWriter();
        }

        using (var link = Process.Start("ln", [Database, Path.Combine(_folder, "other.db")]))
            link.WaitForExit();
        using var again = new SqliteFile(new SqliteLocation(Database));

        Assert.Contains("hard links", Assert.Throws<ConfigurationException>(again.Lock).Message);
    }

    [Fact]
    public void A_WAL_that_another_program_made_anew_is_not_in_place()
    {
        using var file = new SqliteFile(new SqliteLocation(Database));
        file.Lock();
        SqliteFile.Execute(file.OpenWriter(), "CREATE TABLE users (name)");
        Assert.True(file.IsInPlace);

        File.Delete($"{Database}-wal");
        File.Delete($"{Database}-shm");
        File.WriteAllText($"{Database}-wal", "");
        File.WriteAllText($"{Database}-shm", "");

        Assert.False(file.IsInPlace);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_WAL_without_its_database_is_kept(bool databaseIsEmpty)
    {
        File.WriteAllText($"{Database}-wal", "what was written last");
        if (databaseIsEmpty)
            File.WriteAllText(Database, "");
        using var file = new SqliteFile(new SqliteLocation(Database));

        Assert.Contains("restore", Assert.Throws<ConfigurationException>(file.Lock).Message);
        Assert.Equal("what was written last", File.ReadAllText($"{Database}-wal"));
        Assert.Equal(databaseIsEmpty, File.Exists(Database));
    }

    [Theory]
    [InlineData("users.db")]
    [InlineData("users.db-wal")]
    [InlineData("users.db-shm")]
    public void A_file_that_is_taken_away_is_missed(string name)
    {
        using var file = new SqliteFile(new SqliteLocation(Database));
        file.OpenWriter();
        Assert.True(file.IsInPlace);

        File.Move(Path.Combine(_folder, name), Path.Combine(_folder, "elsewhere"));

        Assert.False(file.IsInPlace);
        Assert.Contains(Database, Assert.Throws<DatabaseUnavailableException>(() => file.OpenReader()).Message);
    }

    [Fact]
    public void Another_file_in_its_place_is_noticed()
    {
        using var file = new SqliteFile(new SqliteLocation(Database));
        file.OpenWriter();
        var copy = Path.Combine(_folder, "copy.db");
        File.Copy(Database, copy);

        File.Move(copy, Database, overwrite: true);

        Assert.False(file.IsInPlace);
    }

    [Fact]
    public void Closed_the_file_alone_is_whole_even_where_a_reader_is_left_open()
    {
        using var left = new SqliteConnection($"Data Source={Database};Mode=ReadOnly;Pooling=False");
        using (var file = new SqliteFile(new SqliteLocation(Database)))
        {
            SqliteFile.Execute(file.OpenWriter(), "CREATE TABLE users (id); INSERT INTO users VALUES (1)");
            left.Open();
            Assert.Equal(1, SqliteFile.Scalar(left, "SELECT count(*) FROM users"));
        }

        var copy = Path.Combine(_folder, "copy.db");
        File.Copy(Database, copy);
        using var alone = new SqliteConnection($"Data Source={copy};Pooling=False");
        alone.Open();

        Assert.Equal(1, SqliteFile.Scalar(alone, "SELECT count(*) FROM users"));
    }

    [Fact]
    public void The_database_of_another_program_is_left_as_it_is()
    {
        using (var other = new SqliteConnection($"Data Source={Database};Pooling=False"))
        {
            other.Open();
            SqliteFile.Execute(other, "CREATE TABLE theirs (id)");
        }

        AssertIsRefusedAndUnchanged();
    }

    [Fact]
    public void A_file_that_is_no_database_is_left_as_it_is()
    {
        File.WriteAllText(Database, string.Concat(Enumerable.Repeat("Dear diary, ", 1000)));
        AssertIsRefusedAndUnchanged();
    }

    [Fact]
    public void A_truncated_database_is_left_as_it_is()
    {
        using (var file = new SqliteFile(new SqliteLocation(Database)))
        using (var writer = file.OpenWriter())
            SqliteFile.Execute(writer, "CREATE TABLE users (id); PRAGMA wal_checkpoint(TRUNCATE)");
        File.WriteAllBytes(Database, File.ReadAllBytes(Database)[..1500]);
        AssertIsRefusedAndUnchanged();
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_refused()
    {
        Directory.CreateDirectory(Database);
        using var file = new SqliteFile(new SqliteLocation(Database));

        Assert.Contains(Database, Assert.Throws<ConfigurationException>(file.OpenWriter).Message);
    }

    private void AssertIsRefusedAndUnchanged()
    {
        var before = File.ReadAllBytes(Database);
        using var file = new SqliteFile(new SqliteLocation(Database));
        Assert.Contains(Database, Assert.Throws<ConfigurationException>(file.OpenWriter).Message);
        Assert.Equal(before, File.ReadAllBytes(Database));
    }
}
