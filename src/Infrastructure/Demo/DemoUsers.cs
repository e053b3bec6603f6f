using UserCqrs.Infrastructure.Copying;
using UserCqrs.Infrastructure.Postgres;

namespace UserCqrs.Infrastructure.Demo;

/// <summary>Fills an empty database with invented people.</summary>
internal static class DemoUsers
{
    private const int PerTransaction = 10_000;

    /// <exception cref="ConfigurationException">The database has users.</exception>
    public static async Task WriteAsync(
        DatabaseLocation location, long count, int seed, Action<long> progress, CancellationToken cancellationToken)
    {
        var people = new DemoPeople(seed);
        for (var written = 0L; written < count;)
        {
            await using var store = await UserCopy.OpenAsync(location, writes: true, _ => { }, cancellationToken);
            var first = written + 1;
            if (written == 0 && await store.CountAsync(cancellationToken) is > 0 and var users)
                throw new ConfigurationException(
                    $"There are {users} users in {location}; nothing was changed. demo needs a database without users: "
                    + "name another one by DATABASE_URL.");
            if (written == 0 && store is PostgresUserStore postgres)
                await postgres.RemoveSearchIndexAsync(cancellationToken); // making it at the end takes a fraction of the time
            written = Math.Min(count, written + PerTransaction);
            await store.WriteAsync(RowsAsync(store, people, first, written), cancellationToken);
            await store.ContinueAfterAsync(written, cancellationToken);
            await store.CommitAsync();
            progress(written);
        }
    }

    private static async IAsyncEnumerable<object?[]> RowsAsync(IUserStore store, DemoPeople people, long first, long last)
    {
        await Task.CompletedTask;
        for (var id = first; id <= last; id++)
        {
            var user = people.Next(id);
            yield return [.. store.Columns.Select(column => column.Name == "id" ? id : column.Value(user))];
        }
    }
}
