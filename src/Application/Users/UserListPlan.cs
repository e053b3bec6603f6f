using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>
/// How the database finds the users of a list. Each filter and each sort has an index, but a query follows one index, and
/// the wrong one leads through the whole table, one random access per user. Databases guess which is the right one; this
/// finds out, so that no list costs more than one pass over the table.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>One index serves filter and sort: it is followed.</item>
/// <item>A filter matches at most <see cref="Few"/> users: these are read by the filter's index and sorted.</item>
/// <item>Otherwise the filter matches many users, which are soon met on a walk along the sort's index. The walk is given up
/// after a while, because they may all be at its far end: users created late are named Zoe, say.</item>
/// <item>Then the table is read in one pass, which keeps the first users of the page.</item>
/// </list>
/// </remarks>
internal sealed class UserListPlan
{
    /// <summary>How many users are sorted rather than walked to. Reading them by an index takes about 4 µs each.</summary>
    internal const int Few = 10_000;

    // A limit keeps the database from merging a subquery into the query around it, and so from choosing another index. It cuts
    // nothing off: more users may match by now than when they were counted.
    private const int All = int.MaxValue;

    /// <summary>How far a walk goes at first and at last. Most pages are filled by the first.</summary>
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
            : new(db, filter, order, filter.Of(db.Users), parts.TrueForAll(part => part.IndexedLike() == order.By));
    }

    /// <summary>How many users match.</summary>
    public Task<long> CountAsync(CancellationToken cancellationToken) => _matching.LongCountAsync(cancellationToken);

    /// <summary>The first users that match, or the first behind the cursor.</summary>
    public async Task<List<UserDto>> TakeAsync(UserCursor? after, int count, CancellationToken cancellationToken)
    {
        if (_matchingIsSortedOrFew)
            return await ReadAsync(_order.Of(_matching, after));

        foreach (var length in _order.By == UserSort.Id ? [] : Walks) // by id, the pass over the table is a walk itself
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
