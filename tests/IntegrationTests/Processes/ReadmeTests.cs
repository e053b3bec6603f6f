using System.Text.RegularExpressions;
using UserCqrs.Infrastructure.ApiKeys;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>The sessions in README.md, typed into bash one command after the other, on a new database. They need curl.</summary>
public sealed partial class ReadmeTests : ProcessTests
{
    [Fact]
    public async Task Every_command_prints_what_the_README_says()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(ServiceProcess.SourceFolder, "README.md"), Cancelled);
        var examples = Sessions().Matches(readme).SelectMany(session => Examples().Matches(session.Value)).ToList();
        Assert.NotEmpty(examples);
        await using var service = ServiceProcess.Start(DatabaseUrl);
        var address = await service.ListensAsync(Cancelled);
        var actual = new Dictionary<string, string> { ["localhost:5000"] = address.Authority, ["/home/ann/users.db"] = DatabaseFile };
        string Translate(string text) => Varying().Replace(text, match => actual.GetValueOrDefault(match.Value, match.Value));

        foreach (var example in examples)
        {
            var (command, printed) = (example.Groups["command"].Value, example.Groups["printed"].Value);

            await using var shell = ServiceProcess.RunShell(Translate(command), DatabaseUrl);
            await shell.EndsAsync(Cancelled);
            var output = shell.Output.TrimEnd();
            if (output.Contains("ucq_", StringComparison.Ordinal))
                await Task.Delay(ApiKeyRing.MaxAge, Cancelled); // until the service reads the keys anew

            // From here on, what varies is what it was when it was first printed: an id that comes again must be the same id.
            foreach (var (told, seen) in Varying().Matches(printed).Zip(Varying().Matches(output)))
                actual.TryAdd(told.Value, seen.Value);
            var expected = Translate(printed.TrimEnd());
            Assert.True(expected == output, $"$ {command}\n{output}\n\nREADME.md says:\n{expected}");
        }

        Assert.Distinct(actual.Values); // nor is one time or id two in the README
    }

    [GeneratedRegex(@"(?<=^```console\n).*?(?=^```$)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Sessions();

    [GeneratedRegex(@"^\$ (?<command>.*)\n(?<printed>(?:(?!\$ ).*\n)*)", RegexOptions.Multiline)]
    private static partial Regex Examples();

    // Address and database, tokens and ids of keys, times, trace ids, cursors.
    [GeneratedRegex("""
        localhost:5000|(?<=the database )[^;]+|\bucq_\w{36}|(?<=Key )\w{8}|(?<=Date: ).*|\d{4}-\d\d-\d\dT[\d:.]+Z|(?<="traceId":")\w{32}|(?<="next":")[\w-]+
        """)]
    private static partial Regex Varying();
}
