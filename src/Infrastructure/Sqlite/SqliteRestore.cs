using System.Globalization;
using Microsoft.Data.Sqlite;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>
/// Replaces the database with a backup and keeps the former files, whatever state they are in. All steps use one folder,
/// <c>users.db.restoring</c>. Its content shows the next run how far an interrupted run got:
/// <list type="number">
/// <item>The folder is created. While it exists, only another restore opens the database.</item>
/// <item>The backup is copied into it, verified and flushed; only then does it get the name <c>restored.db</c>.</item>
/// <item>The former files are moved into it under their own names, so that the database and its WAL stay together.</item>
/// <item>One rename puts <c>restored.db</c> in place, where it is verified again.</item>
/// <item>One rename turns the folder into <c>users.db.before-…</c>, which ends the restore.</item>
/// </list>
/// </summary>
internal sealed class SqliteRestore
{
    private readonly string _database;
    private readonly string _parent;
    private readonly string _folder;
    private readonly string _restored;

    private SqliteRestore(string database)
    {
        _database = database;
        _parent = Path.GetDirectoryName(database)!;
        _folder = FolderOf(database);
        _restored = Path.Combine(_folder, "restored.db");
    }

    private IEnumerable<string> FormerFiles => SqliteFile.Suffixes.Select(suffix => _database + suffix);

    private bool HoldsFormer => FormerFiles.Any(file => File.Exists(KeptPath(file)));

    /// <summary>Checks that no restore of a database was interrupted. To be called before a database is opened.</summary>
    /// <exception cref="ConfigurationException">A restore was interrupted.</exception>
    public static void ThrowIfUnfinished(string database)
    {
        if (Directory.Exists(FolderOf(database)))
            throw new ConfigurationException(
                $"A restore of the database {database} was interrupted: the folder {FolderOf(database)} exists. "
                + "Run restore again with the backup to finish it. Until then the database is not opened.");
    }

    /// <summary>Restores a backup. The database must not be in use.</summary>
    /// <returns>The number of users, and the folder with the former files, or <c>null</c> if there were none.</returns>
    /// <exception cref="ConfigurationException">
    /// The backup is damaged, the database is in use, or a file cannot be moved; the message says what to do.
    /// </exception>
    public static (long Users, string? Former) Run(string backup, SqliteLocation location)
    {
        if (!File.Exists(backup))
            throw new ConfigurationException($"There is no backup {backup}. Nothing was changed.");
        using var file = new SqliteFile(location);
        file.LockForRestore();
        return new SqliteRestore(location.File).Run(backup);
    }

    private static string FolderOf(string database) => $"{database}.restoring";

    private (long Users, string? Former) Run(string backup)
    {
        try
        {
            if (Directory.Exists(_folder) && HoldsFormer && !CanContinue())
                End();
            Directory.CreateDirectory(_folder);
            Disk.Flush(_parent);
            var users = Prepare(backup);
            PutInPlace();
            SqliteBackup.Verify(_database, users);
            return (users, End());
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            var state = Directory.Exists(_folder)
                ? $"The restore is not finished: run it again. Former files are in {_folder}."
                : "Nothing was changed.";
            throw new ConfigurationException(
                $"The backup {backup} could not be restored to {_database}. {state} ({e.Message})", e);
        }
    }

    /// <summary>Whether an interrupted run has not put its database in place, so the files in place are former ones.</summary>
    private bool CanContinue() =>
        File.Exists(_restored) && !FormerFiles.Any(file => File.Exists(file) && File.Exists(KeptPath(file)));

    private long Prepare(string backup)
    {
        var unfinished = $"{_restored}.unfinished";
        try
        {
            var users = SqliteBackup.Write(backup, unfinished);
            File.Move(unfinished, _restored, overwrite: true);
            Disk.Flush(_folder);
            return users;
        }
        catch
        {
            SqliteBackup.Delete(unfinished);
            GiveUpIfNothingMoved();
            throw;
        }
    }

    private void PutInPlace()
    {
        try
        {
            foreach (var file in FormerFiles.Where(File.Exists))
                File.Move(file, KeptPath(file), overwrite: true); // a plain rename; after CanContinue it overwrites nothing
        }
        catch
        {
            GiveUpIfNothingMoved();
            throw;
        }

        Disk.Flush(_folder);
        Disk.Flush(_parent); // so that no power failure brings a former WAL back beside the restored database
        File.Move(_restored, _database, overwrite: true);
        Disk.Flush(_parent);
    }

    private void GiveUpIfNothingMoved()
    {
        if (!HoldsFormer)
            Directory.Delete(_folder, recursive: true);
    }

    private string? End()
    {
        string? former = null;
        if (HoldsFormer)
        {
            SqliteBackup.Delete(_restored); // left by an interrupted run
            var time = DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture);
            former = $"{_database}.before-{time}";
            Directory.Move(_folder, former);
        }
        else
            Directory.Delete(_folder);

        Disk.Flush(_parent);
        return former;
    }

    private string KeptPath(string file) => Path.Combine(_folder, Path.GetFileName(file));
}
