using System.Globalization;
using Microsoft.Data.Sqlite;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>
/// Puts a backup in the place of the database and keeps what was there, whatever state that is in. Everything goes by way of one
/// folder, <c>users.db.restoring</c>, so that a run that was killed can be told from its traces and finished:
/// <list type="number">
/// <item>The folder is made. While it is there nothing but another restore opens the database.</item>
/// <item>The backup is copied into it and verified; it is called <c>restored.db</c> only when the disk has it whole.</item>
/// <item>The former files move into it, each under its own name, so that database and WAL still fit together.</item>
/// <item>One rename puts <c>restored.db</c> in place, where it is verified again.</item>
/// <item>One rename makes the folder <c>users.db.before-…</c>, which ends the restore.</item>
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

    private bool HoldsFormer => FormerFiles.Any(file => File.Exists(Kept(file)));

    /// <summary>To be called by whatever opens a database.</summary>
    /// <exception cref="ConfigurationException">A restore of it was broken off.</exception>
    public static void RefuseIfUnfinished(string database)
    {
        if (Directory.Exists(FolderOf(database)))
            throw new ConfigurationException(
                $"A restore of the database {database} was broken off; its traces are in {FolderOf(database)}. "
                + "Run restore again with the backup to finish it. Until then the database is not opened.");
    }

    /// <summary>Restores a backup. The database must not be in use.</summary>
    /// <returns>How many users there are now, and the folder with the former files, if there were any.</returns>
    /// <exception cref="ConfigurationException">The backup is not whole, or the database is in use; the message says what to do.</exception>
    public static (long Users, string? Former) Run(string backup, SqliteLocation location)
    {
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
            var state = Directory.Exists(_folder) ? $"It is not finished: run restore again. What was there is in {_folder}." : "Nothing was changed.";
            throw new ConfigurationException($"The backup {backup} could not be restored to {_database}. {state} ({e.Message})", e);
        }
    }

    /// <summary>Whether the files that a killed run left belong together with those that it had not moved yet.</summary>
    private bool CanContinue() =>
        File.Exists(_restored) && !FormerFiles.Any(file => File.Exists(file) && File.Exists(Kept(file)));

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
                File.Move(file, Kept(file), overwrite: true); // a plain rename; there is none to overwrite
        }
        catch
        {
            GiveUpIfNothingMoved();
            throw;
        }

        Disk.Flush(_folder);
        Disk.Flush(_parent); // no former WAL may come back beside the restored database
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
            SqliteBackup.Delete(_restored); // of a killed run
            former = string.Create(CultureInfo.InvariantCulture, $"{_database}.before-{DateTime.UtcNow:yyyyMMdd'T'HHmmss.fff'Z'}");
            Directory.Move(_folder, former);
        }
        else
            Directory.Delete(_folder);

        Disk.Flush(_parent);
        return former;
    }

    private string Kept(string file) => Path.Combine(_folder, Path.GetFileName(file));
}
