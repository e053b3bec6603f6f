using Microsoft.EntityFrameworkCore;

namespace UserCqrs.EfCorePeer;

[Index(nameof(Email), IsUnique = true)]
internal sealed class User
{
    public long Id { get; set; }

    public required string Name { get; set; }

    public required string Email { get; set; }
}

internal sealed class UserDb(DbContextOptions<UserDb> options) : DbContext(options)
{
    public DbSet<User> Users => Set<User>();

    /// <summary>EF makes the file in WAL mode, and SQLite syncs every commit unless told otherwise: here it must be so.</summary>
    public async Task CreateDurableAsync()
    {
        await Database.EnsureCreatedAsync();
        var journal = await Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode").SingleAsync();
        var synchronous = await Database.SqlQueryRaw<int>("SELECT synchronous AS Value FROM pragma_synchronous").SingleAsync();
        if ((journal, synchronous) is not ("wal", 2))
            throw new InvalidOperationException($"The file must be in WAL mode with FULL sync, not {journal}, {synchronous}.");
    }
}
