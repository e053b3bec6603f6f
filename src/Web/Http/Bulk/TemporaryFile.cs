namespace UserCqrs.Web.Http.Bulk;

/// <summary>Files that only this process needs. They are removed when they are closed, and nobody else can read them.</summary>
internal static class TemporaryFile
{
    public static FileStream Create()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(Path.Combine(Path.GetTempPath(), $"usercqrs-{Guid.NewGuid():N}"), options);
    }

    /// <summary>Opens such a file once more, to read it.</summary>
    public static FileStream Open(string name) =>
        new(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
