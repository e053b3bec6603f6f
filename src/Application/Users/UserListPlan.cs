using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>
/// Decides how the database finds the users of a list. Each filter and each sort has an index, but a query uses only one of them,
/// and with the wrong one it visits the whole table, one random access per user. Databases estimate which index is right; this
/// class measures it, so that no list costs more than about one pass over the table.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>If one index serves both filter and sort, the query uses it.</item>
/// <item>If a filter matches at most <see cref="Few"/> users, they are read by the filter's index and sorted.</item>
/// <item>Otherwise many users match, and a walk along the sort's index usually meets enough of them soon. The walk has a
/// limit, because they may all be at its far end: for example, all users created after a date may be named Zoe.</item>
/// <item>If the walk does not fill the page, one pass over the table finds the first users of the page.</item>
/// </list>
/// </remarks>
internal sealed class UserListPlan
{
    /// <summary>The largest number of users to read by a filter's index and sort. Reading one takes about 4 µs.</summary>
    internal const int Few = 10_000;

    // A limit prevents the database from merging the subquery into the outer query and choosing another index. It must not cut
    // anything off, because more users may match now than when they were counted.
    private const int All = int.MaxValue;

    /// <summary>The numbers of users that the two walks visit at most. The first walk fills most pages.</summary>
    internal static readonly int[] Walks = [1_000, 10_000];

    private readonly ReplicaContext _db;
    private readonly UserFilter _filter;
    private readonly UserOrder _order;
    private readonly IQueryable<User> _matching;
    private readonly bool _matchingIsSortedOrFew;

    private UserListPlan(
        ReplicaContext db, UserFilter filter, UserOrder order, IQueryable<User> matching, bool matchingIsSortedOrFew)
    {
        (_db, _filter, _order) = (db, filter, order);
        (_matching, _matchingIsSortedOrFew) = (matching, matchingIsSortedOrFew);
    }

    public static async Task<UserListPlan> ChooseAsync(
        ReplicaContext db, UserFilter filter, UserOrder order, CancellationToken cancellationToken)
    {
        var parts = filter.Parts().ToList();
        foreach (var part in parts)
        {
            var byIndex = new UserOrder(part.IndexedLike()).Of(part.Of(db.Users), after: null);
            if (part.MatchesFew || await byIndex.Take(Few + 1).CountAsync(cancellationToken) <= Few)
                return new(db, filter, order, filter.Of(byIndex.Take(All)), matchingIsSortedOrFew: true);
        }

        return parts.Count > 1
            ? new(db, filter, order, filter.Of(db.UsersByScan), matchingIsSortedOrFew: false)
            : new(
                db, filter, order, filter.Of(db.Users),
                parts.TrueForAll(part => part.IndexedLike() == order.By) && !(filter.HasUnindexed && order.By != UserSort.Id));
    }

    /// <summary>Counts the users that match.</summary>
    public Task<long> CountAsync(CancellationToken cancellationToken) => _matching.LongCountAsync(cancellationToken);

    /// <summary>Reads the first users that match, after the cursor if there is one.</summary>
    public async Task<List<UserDto>> TakeAsync(UserCursor? after, int count, CancellationToken cancellationToken)
    {
        if (_matchingIsSortedOrFew)
            return await ReadAsync(_order.Of(_matching, after));

        foreach (var length in _order.By == UserSort.Id ? [] : Walks) // sorted by id, the pass over the table is itself a walk
        {
            var met = await ReadAsync(_filter.Of(_order.Of(_filter.Bound(_db.Users, _order.By), after).Take(length)));
            if (met.Count == count)
                return met;
        }

        return await ReadAsync(_order.Of(_filter.Of(_db.UsersByScan), after));

        Task<List<UserDto>> ReadAsync(IQueryable<User> users) =>
            users.Take(count).Select(UserDtoMapping.ProjectionWithKey).ToListAsync(cancellationToken);
    }
}
