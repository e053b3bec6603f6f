namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>A database that is a file.</summary>
/// <param name="File">Its absolute path, without symbolic links: <see cref="At"/> resolves them.</param>
internal sealed record SqliteLocation(string File) : DatabaseLocation
{
    private const int MaxLinks = 40; // as Linux allows in one path

    /// <summary>
    /// The location that a path leads to. The lock, the WAL and the keys lie beside the file itself, so that they are the same
    /// ones by whatever path the file is named.
    /// </summary>
    /// <exception cref="ConfigurationException">The symbolic links lead in a circle.</exception>
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
                throw new ConfigurationException($"The database {path} cannot be found: its symbolic links lead in a circle. Name the file itself.");
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
            foreach (var name in names.Split(separators, StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".").Reverse())
                rest.Push(name);
        }
    }

    /// <summary>What messages say of it.</summary>
    public override string ToString() => $"the database {File}";
}
