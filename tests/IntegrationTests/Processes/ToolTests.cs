namespace UserCqrs.IntegrationTests.Processes;

/// <summary>The program as a .NET tool: packed, installed from a folder, used and uninstalled.</summary>
public sealed class ToolTests : ProcessTests
{
    [Fact]
    public async Task The_tool_is_packed_installed_used_and_uninstalled()
    {
        var folder = Path.GetDirectoryName(DatabaseFile)!;
        var (packages, tools) = (Path.Combine(folder, "packages"), Path.Combine(folder, "tools"));
        var usercqrs = Path.Combine(tools, "usercqrs");

        await RunAsync($"dotnet pack src/Web --no-build --configuration {Configuration} --output {packages}");
        await RunAsync($"dotnet tool install UserCqrs --tool-path {tools} --source {packages}");
        Assert.Equal("1.0.0", await RunAsync($"{usercqrs} --version"));
        await RunAsync($"{usercqrs} demo --users 3");
        Assert.Equal(3, (await RunAsync($"{usercqrs} export - 2> /dev/null")).Split('\n').Length); // without its progress
        await RunAsync($"dotnet tool uninstall UserCqrs --tool-path {tools}");
        Assert.False(File.Exists(usercqrs));
    }

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private async Task<string> RunAsync(string line)
    {
        await using var shell = ServiceProcess.RunShell(line, DatabaseUrl);
        Assert.True(await shell.EndsAsync(Cancelled) == 0, $"{line}: {shell.Output}");
        return shell.Output.Trim();
    }
}
