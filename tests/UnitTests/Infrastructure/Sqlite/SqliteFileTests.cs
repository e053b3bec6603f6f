using Microsoft.Data.Sqlite;
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
        Assert.Equal(2, SqliteFile.Scalar(writer, "PRAGMA synchronous")); // FULL
        Assert.Equal(1, SqliteFile.Scalar(writer, "PRAGMA foreign_keys"));
        using var mode = writer.CreateCommand();
        mode.CommandText = "PRAGMA journal_mode";
        Assert.Equal("wal", mode.ExecuteScalar());
    }

    [Fact]
    public void A_file_is_used_by_one_at_a_time()
    {
        using var first = new SqliteFile(new SqliteLocation(Database));
        first.Lock();
        using var second = new SqliteFile(new SqliteLocation(Database));
        Assert.Contains(Database, Assert.Throws<ConfigurationException>(second.Lock).Message);
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
