using System.Diagnostics;
using System.Text.Json.Nodes;

namespace UserCqrs.ArchitectureTests;

/// <summary>The output of <c>dotnet run tools/sbom.cs</c>: the packages of the published service.</summary>
public sealed class SupplyChainTests
{
    private static readonly string Root = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    // All allow use, change and distribution of the service, as closed or open source. "blessing" is SQLite's public domain.
    private static readonly string[] Licences = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "PostgreSQL", "blessing"];

    [Fact]
    public async Task The_bill_of_materials_lists_exactly_the_locked_packages_each_under_a_licence_that_is_fine()
    {
        var components = JsonNode.Parse(await RunAsync("run", "tools/sbom.cs"))!["components"]!.AsArray();

        var lockFile = await File.ReadAllTextAsync(Path.Combine(Root, "src/Web/packages.lock.json"), TestContext.Current.CancellationToken);
        var locked = JsonNode.Parse(lockFile)!;
        var expected = locked["dependencies"]!.AsObject().SelectMany(target => target.Value!.AsObject())
            .Where(package => (string)package.Value!["type"]! != "Project")
            .Select(package => $"pkg:nuget/{package.Key}@{package.Value!["resolved"]}")
            .Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(expected);
        Assert.Equal(expected, components.Select(component => (string)component!["purl"]!).Order(StringComparer.Ordinal));
        Assert.All(components, component => Assert.Contains((string)component!["licenses"]![0]!["license"]!["id"]!, Licences));
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Root, RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
        return output;
    }

    private static string FindRoot(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "UserCqrs.sln")) ? folder.FullName : FindRoot(folder.Parent!);
}
