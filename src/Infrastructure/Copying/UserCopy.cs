using System.Globalization;
using UserCqrs.Infrastructure.Postgres;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.Infrastructure.Copying;

/// <summary>Copies all users from one database to another, with their ids, versions and times: all of them or none.</summary>
internal static class UserCopy
{
    /// <returns>The number of users, and the SHA-256 over them, which is the same in both databases.</returns>
    /// <exception cref="ConfigurationException">
    /// The target already has users, or the copy differs from the source. Nothing was copied.
    /// </exception>
    public static async Task<(long Users, string Checksum)> RunAsync(
        DatabaseLocation from, DatabaseLocation to, Action<string> report, CancellationToken cancellationToken)
    {
        await using var source = await OpenAsync(from, writes: false, report, cancellationToken);
        await using var target = await OpenAsync(to, writes: true, report, cancellationToken);
        if (await target.CountAsync(cancellationToken) is > 0 and var users)
            throw new ConfigurationException($"The target already has {users} users. It was left unchanged; name an empty one.");

        var total = await source.CountAsync(cancellationToken);
        using var sent = new UserChecksum();
        await target.WriteAsync(
            sent.Of(source.ReadAsync(cancellationToken), count => report(Progress(count, total)), cancellationToken),
            cancellationToken);
        await target.ContinueAfterAsync(await source.LastIdAsync(cancellationToken), cancellationToken);

        using var kept = new UserChecksum();
        await foreach (var _ in kept.Of(target.ReadAsync(cancellationToken), cancellationToken: cancellationToken))
        {
        }

        if (sent.Count != total || kept.Count != total || kept.Value != sent.Value)
            throw new ConfigurationException(
                $"The source has {total} users, {sent.Count} were sent and {kept.Count} arrived, with the checksums {sent.Value} "
                + $"and {kept.Value}. Nothing was kept.");
        await target.CommitAsync();
        return (kept.Count, kept.Value);
    }

    /// <summary>Opens the users of a database, whatever it is.</summary>
    public static async Task<IUserStore> OpenAsync(
        DatabaseLocation location, bool writes, Action<string> report, CancellationToken cancellationToken) =>
        location switch
        {
            SqliteLocation sqlite =>
                await SqliteUserStore.OpenAsync(sqlite, writes, attributes: null, report, cancellationToken),
            PostgresLocation postgres => await PostgresUserStore.OpenAsync(postgres, writes, report, cancellationToken),
            _ => throw new InvalidOperationException($"Users cannot be copied from or to {location}."),
        };

    private static string Progress(long count, long total) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} of {total:N0} users");
}
