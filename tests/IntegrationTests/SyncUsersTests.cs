using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Postgres;
using UserCqrs.IntegrationTests.Processes;

namespace UserCqrs.IntegrationTests;

/// <summary>The script of docs/how-to/sync-users.md as it is written there. It needs Python.</summary>
public abstract partial class SyncUsersTests(UsersService service) : HttpTests(service), IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("usercqrs-");

    private string Base => Service.Address.ToString().TrimEnd('/');

    private string DoneFile => DoneFileOf(Base, "hr-");

    private string DoneFileOf(string address, string prefix)
    {
        var target = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{address} {prefix}")))[..8];
        return $"{Export}.{(File.GetLastWriteTimeUtc(Export) - DateTime.UnixEpoch).Ticks}00.{target}.done"; // nanoseconds
    }

    private string Export => Path.Combine(_folder.FullName, "export.ndjson");

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Is_idempotent_and_resumable_and_deactivates_who_has_left()
    {
        SharedPostgres.SkipUnlessInstalled("python3");
        var byHand = await PostAsync("/v1/users", Fields("By hand", NewEmail()));
        var key = (await Service.CreateKeyAsync(TimeSpan.FromMinutes(5), "users:read", "users:write")).Token;
        while ((await GetAsync("/v1/users")).Status != 401) // until the service has read the key
            await Task.Delay(50, Cancelled);
        await File.WriteAllLinesAsync(
            Path.Combine(_folder.FullName, "sync.py"), [Script().Match(await ReadAsync("docs/how-to/sync-users.md")).Value], Cancelled);
        await WriteAsync(("a/1", "Ann", "Sales"), ("b 2", "Bob", "Sales"), ("c%3", "", "Sales"), ("d", "Dan", "IT"));
        var first = await RunAsync(key);
        var users = await AllAsync();
        var again = await RunAsync(key);

        Assert.Equal(1, first.ExitCode);
        Assert.Matches("^hr-c%3 was rejected: .*name\\.empty.*\n4 people, 1 rejected, 0 deactivated\n$", first.Printed);
        Assert.Equal(first, again);
        Assert.Equal(["hr-a/1 Ann True Sales", "hr-b 2 Bob True Sales", "hr-d Dan True IT"], users.Select(user => user.Text));
        Assert.Equal(users, await AllAsync());

        await WriteAsync(("a/1", "Ann Lee", "IT"), ("e", "Eve", "IT"), ("d", "Dan", "IT"));
        Assert.Equal(1, (await RunAsync("ucq_wrong")).ExitCode);
        await File.WriteAllTextAsync(DoneFileOf("http://elsewhere", "hr-"), "...", Cancelled);
        await File.WriteAllTextAsync(DoneFileOf(Base, "other-"), "...", Cancelled);
        Assert.Equal((0, "3 people, 0 rejected, 1 deactivated\n"), await RunAsync(key));

        Assert.Equal(
            ["hr-a/1 Ann Lee True IT", "hr-b 2 Bob False Sales", "hr-d Dan True IT", "hr-e Eve True IT"],
            (await AllAsync()).Select(user => user.Text));

        await WriteAsync(("a/1", "Ann Lee", "IT"), ("e", "Eve", "IT"), ("d", "Dan", "IT"));
        await File.WriteAllTextAsync(DoneFile, "!", Cancelled); // as if it had been stopped after the first person, who was rejected
        Assert.Equal((1, "3 people, 1 rejected, 0 deactivated\n"), await RunAsync(key));

        await WriteAsync(("x", "Xena", "IT"), ("y", "Yan", "IT"));
        await File.WriteAllTextAsync(DoneFile, ".", Cancelled); // as if it had been stopped after the first person
        var (exitCode, printed) = await RunAsync(key);

        Assert.Equal((1, $"3 of 4 users are not in {Export}. If that is right, deactivate them by PATCH.\n"), (exitCode, printed));
        Assert.Equal("hr-y Yan True IT", (await AllAsync())[^1].Text);
        Assert.DoesNotContain(await AllAsync(), user => user.Text.StartsWith("hr-x", StringComparison.Ordinal));

        await File.AppendAllTextAsync(Export, "{\"id\":\"z\"}\n", Cancelled);
        Assert.Equal((1, $"Line 3 of {Export} cannot be used (KeyError('name')). Nothing was changed.\n"), await RunAsync(key));
        Assert.Equal("True", (await GetAsync(byHand.Header("Location")!, ("Authorization", $"Bearer {key}"))).Member("active"));

        async Task<List<(string Text, string Time)>> AllAsync() =>
        [
            .. (await GetAsync("/v1/users", ("Authorization", $"Bearer {key}"))).Json.GetProperty("items").EnumerateArray()
                .Where(user => user.GetProperty("externalId").ValueKind == JsonValueKind.String)
                .Select(user => (
                    $"{user.GetProperty("externalId")} {user.GetProperty("name")} {user.GetProperty("active")} {user.GetProperty("attributes").GetProperty("department")}",
                    user.GetProperty("updatedAt").GetString()!)),
        ];
    }

    // Written at a whole 100 ns, the precision of .NET.
    private async Task WriteAsync(params (string Id, string Name, string Department)[] people)
    {
        await File.WriteAllLinesAsync(Export, people.Select(person => JsonSerializer.Serialize(new
        {
            id = person.Id,
            name = person.Name,
            email = $"{Uri.EscapeDataString(person.Id).Replace('%', '.')}@sync.example",
            attributes = new { department = person.Department },
        })), Cancelled);
        File.SetLastWriteTimeUtc(Export, DateTime.UtcNow);
    }

    private async Task<(int ExitCode, string Printed)> RunAsync(string key)
    {
        using var python = Process.Start(new ProcessStartInfo("python3", ["sync.py", Base, key, Export, "hr-"])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var printed = await Task.WhenAll(
            python.StandardError.ReadToEndAsync(Cancelled), python.StandardOutput.ReadToEndAsync(Cancelled));
        await python.WaitForExitAsync(Cancelled);
        return (python.ExitCode, string.Concat(printed));
    }

    private static Task<string> ReadAsync(string file) => File.ReadAllTextAsync(Path.Combine(ServiceProcess.SourceFolder, file), Cancelled);

    [GeneratedRegex(@"(?<=^```python\n).*?(?=^```$)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Script();
}
