using UserCqrs.Infrastructure.ApiKeys;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>The permissions of the files of a database.</summary>
internal static class SqlitePermissions
{
    private const UnixFileMode ForOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite;

    /// <summary>Says which files other accounts may read or write. Opens none of them.</summary>
    /// <exception cref="ConfigurationException">This process may not write to a file, or to their folder.</exception>
    public static string Describe(string path)
    {
        string[] files =
            [.. SqliteFile.Suffixes.Append(SqliteApiKeyStore.Suffix).Select(suffix => path + suffix).Where(File.Exists)];
        if (files.Append(Path.GetDirectoryName(path)!).FirstOrDefault(used => !Disk.MayWrite(used)) is { } locked)
            throw new ConfigurationException(
                $"This account may not write to {locked}, as the service must. Run this as the account of the service, or "
                + "correct the owner or the mode.");
        var open = files.Where(IsForOthers).ToList();
        return files.Length == 0 ? "there are none yet"
            : open.Count == 0 ? $"only their owner may read and write {path} and the files beside it"
            : $"other accounts may read or write {string.Join(", ", open)}; unless this is meant, take the right away with "
                + "chmod 600";
    }

    private static bool IsForOthers(string file) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ForOthers) != 0;
}
