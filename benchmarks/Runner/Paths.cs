namespace UserCqrs.Runner;

/// <summary>Where things are in the repository.</summary>
internal static class Paths
{
    public static readonly string Root = FindRoot();

    public static string Benchmarks => Path.Combine(Root, "benchmarks");

    public static string Report => Path.Combine(Root, "docs", "benchmarks.md");

    /// <summary>The projects whose programs take part.</summary>
    public static readonly string[] Programs = ["src/Web", "benchmarks/Limit", "benchmarks/EfCorePeer"];

    /// <summary>Where a project's program is published, as it would be for production.</summary>
    public static string PublishedFrom(string project) =>
        Path.Combine(Root, project, "bin", "published");

    /// <summary>The program that a project publishes.</summary>
    public static string ProgramOf(string project) =>
        Path.Combine(PublishedFrom(project), $"UserCqrs.{Path.GetFileName(project)}");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "UserCqrs.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("Run this from inside the repository.");
    }
}
