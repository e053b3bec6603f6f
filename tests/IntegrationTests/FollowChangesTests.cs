using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Postgres;
using UserCqrs.IntegrationTests.Processes;

namespace UserCqrs.IntegrationTests;

/// <summary>The programs of docs/how-to/keep-a-copy-in-step.md as they are written there. One needs Node.js.</summary>
public abstract partial class FollowChangesTests(UsersService service) : HttpTests(service), IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("usercqrs-");

    private string Copy => Path.Combine(_folder.FullName, "copy.json");

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("js", "node", "follow.mjs")]
    [InlineData("cs", "dotnet", "run", "--file", "follow.cs", "--")]
    public async Task Starts_with_all_users_follows_every_change_and_survives_a_crash_and_410(string language, params string[] command)
    {
        SharedPostgres.SkipUnlessInstalled(command[0]);
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, language == "js" ? "follow.mjs" : "follow.cs"), await ProgramAsync(language), Cancelled);
        var (kept, changed, deleted, erased) = (await NewUserAsync("Kept"), await NewUserAsync("Ånn"), await NewUserAsync(), await NewUserAsync());
        using (var program = Start(command))
        {
            await BecomesEqualAsync();
            await PatchAsync(changed.Path, """{"name":"Bøb","attributes":{"plan":"pro"}}""");
            await DeleteAsync(deleted.Path);
            await NewUserAsync("Cid");
            await PostAsync($"{erased.Path}/erase", "");
            await BecomesEqualAsync();
            program.Kill(entireProcessTree: true);
        }

        await PatchAsync(kept.Path, """{"name":"Changed meanwhile"}""");
        await PostAsync($"{deleted.Path}/restore", "");
        using (var program = Start(command))
        {
            await BecomesEqualAsync();
            program.Kill(entireProcessTree: true);
        }

        var copy = JsonNode.Parse(await File.ReadAllTextAsync(Copy, Cancelled))!;
        var next = $"{copy["next"]}";
        copy["next"] = next[..^2] + (next[^2] == 'A' ? 'B' : 'A') + next[^1]; // the log has no such entry
        copy["users"]!.AsObject().Remove($"{kept.Id}");
        await File.WriteAllTextAsync(Copy, copy.ToJsonString(), Cancelled);
        using (var program = Start(command))
        {
            await BecomesEqualAsync();
            program.Kill(entireProcessTree: true);
        }
    }

    private Process Start(string[] command)
    {
        var start = new ProcessStartInfo(command[0], [.. command[1..], Service.Address.ToString().TrimEnd('/'), "any", Copy])
        {
            WorkingDirectory = _folder.FullName,
        };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        return Process.Start(start)!;
    }

    private async Task BecomesEqualAsync()
    {
        while (!await IsEqualAsync())
            await Task.Delay(100, Cancelled);
    }

    private async Task<bool> IsEqualAsync()
    {
        if (!File.Exists(Copy))
            return false;
        using var copy = JsonDocument.Parse(await File.ReadAllTextAsync(Copy, Cancelled));
        var users = (await GetAsync("/v1/users/export")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var copied = copy.RootElement.GetProperty("users").EnumerateObject().ToDictionary(user => user.Name, user => user.Value);
        return users.Length == copied.Count && users.All(line =>
        {
            using var user = JsonDocument.Parse(line);
            return copied.TryGetValue($"{user.RootElement.GetProperty("id")}", out var same) && JsonElement.DeepEquals(user.RootElement, same);
        });
    }

    private static async Task<string> ProgramAsync(string language)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(ServiceProcess.SourceFolder, "docs/how-to/keep-a-copy-in-step.md"), Cancelled);
        return Programs().Matches(page).First(program => program.Groups["language"].Value == language).Groups["text"].Value;
    }

    [GeneratedRegex(@"^```(?<language>js|cs)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Programs();
}
