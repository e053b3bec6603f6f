using System.Runtime.Versioning;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>What the service and its commands write is for their own account alone.</summary>
public sealed class FileModeTests : ProcessTests
{
    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Files_are_readable_by_their_owner_alone()
    {
        await using var service = ServiceProcess.Start(DatabaseUrl);
        using var client = await service.ConnectAsync(Cancelled);
        await CreateAsync(client, "Ann", "ann@example.org");
        foreach (var command in (string[][])[["keys", "create", "--name", "test", "--scope", "users:read"], ["backup", $"{DatabaseFile}.backup"]])
        {
            await using var process = ServiceProcess.Run(command, DatabaseUrl);
            Assert.True(await process.EndsAsync(Cancelled) == 0, process.Output);
        }

        var modes = Directory.GetFiles(Path.GetDirectoryName(DatabaseFile)!)
            .ToDictionary(file => Path.GetFileName(file), file => File.GetUnixFileMode(file));
        string[] expected = ["users.db", "users.db-wal", "users.db-shm", "users.db.keys", "users.db.lock", "users.db.backup"];
        Assert.Empty(expected.Except(modes.Keys));
        Assert.All(modes, file => Assert.Equal((file.Key, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file.Key, file.Value)));
    }
}
