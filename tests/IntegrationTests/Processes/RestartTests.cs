namespace UserCqrs.IntegrationTests.Processes;

public sealed class RestartTests : ProcessTests
{
    [Fact]
    public async Task Keeps_its_users_and_gives_no_id_again()
    {
        long kept, deleted;
        string before;
        await using (var first = ServiceProcess.Start(DatabaseUrl))
        {
            using var client = await first.ConnectAsync(Cancelled);
            kept = await CreateAsync(client, "Ann Lee", "ann@example.org");
            deleted = await CreateAsync(client, "Bob", "bob@example.org");
            Assert.Equal(204, (int)(await client.DeleteAsync($"/v1/users/{deleted}", Cancelled)).StatusCode);
            before = await client.GetStringAsync($"/v1/users/{kept}", Cancelled);

            await first.TerminateAsync(Cancelled);
            Assert.Equal(0, await first.EndsAsync(Cancelled));
        }

        // All of it is in the one file: whoever copies that alone has every user.
        Assert.Equal([DatabaseFile, $"{DatabaseFile}.lock"], Directory.GetFiles(Path.GetDirectoryName(DatabaseFile)!).Order());

        await using var second = ServiceProcess.Start(DatabaseUrl);
        using var again = await second.ConnectAsync(Cancelled);

        Assert.Equal(before, await again.GetStringAsync($"/v1/users/{kept}", Cancelled));
        Assert.True(await CreateAsync(again, "Cid", "cid@example.org") > deleted);
    }
}
