namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>A database that is a file.</summary>
/// <param name="File">Its absolute path, without symbolic links: <see cref="At"/> resolves them.</param>
internal sealed record SqliteLocation(string File) : DatabaseLocation
{
    private const int MaxLinks = 40; // as Linux allows in one path

    /// <summary>
    /// Resolves the symbolic links of a path, in its folders too. The lock, the WAL and the keys are kept beside the real file,
    /// so that every path to it finds the same ones. The file need not exist.
    /// </summary>
    /// <exception cref="ConfigurationException">The symbolic links form a loop.</exception>
    public static SqliteLocation At(string path)
    {
        var absolute = Path.GetFullPath(path);
        var real = Path.GetPathRoot(absolute)!;
        var links = 0;
        var rest = new Stack<string>();
        Push(absolute[real.Length..]);
        while (rest.TryPop(out var name))
        {
            var next = Path.Combine(real, name);
            if (name == "..")
                real = Path.GetDirectoryName(real) ?? real;
            else if (new FileInfo(next).LinkTarget is not { } target)
                real = next;
            else if (++links > MaxLinks)
                throw new ConfigurationException($"The symbolic links of the database {path} form a loop. Name the file itself.");
            else
            {
                var root = Path.GetPathRoot(target)!;
                if (root.Length > 0)
                    real = root;
                Push(target[root.Length..]);
            }
        }

        return new SqliteLocation(real);

        void Push(string names)
        {
            char[] separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];
            var parts = names.Split(separators, StringSplitOptions.RemoveEmptyEntries);
            foreach (var part in parts.Where(part => part != ".").Reverse())
                rest.Push(part);
        }
    }

    /// <summary>Creates the folder of the file, but not its parent: creating that would hide a mistyped path.</summary>
    /// <exception cref="ConfigurationException">The parent folder does not exist.</exception>
    public void MakeFolder()
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(File)!);
        if (!folder.Exists && folder.Parent is { Exists: false } parent)
            throw new ConfigurationException(
                $"The folder {parent} does not exist, so {File} cannot be created. Create it, or correct the path.");
        folder.Create();
    }

    /// <summary>The database as messages name it.</summary>
    public override string ToString() => $"the database {File}";
}
