using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>
/// Decides how the database finds the users of a list. Each filter and each sort has an index, but a query uses only one of them,
/// and with the wrong one it visits the whole table, one random access per user. Databases estimate which index is right; this
/// class measures it, and limits the number of users that a page visits.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>If one index serves both filter and sort, the query uses it.</item>
/// <item>If a filter matches at most <see cref="Few"/> users, they are read by the filter's index and sorted.</item>
/// <item>Otherwise many users match, and a walk along the sort's index usually meets enough of them soon.</item>
/// <item>For a list by id with a single filter, the filter's index may be read as a whole, because it contains the ids.</item>
/// <item>If the longest walk does not fill the page, the page ends where the walk stopped, and the next one continues
/// there.</item>
/// </list>
/// </remarks>
internal sealed class UserListPlan
{
    /// <summary>The largest number of users to read by a filter's index and sort. Reading one takes about 4 µs.</summary>
    internal const int Few = 10_000;

    // A limit prevents the database from merging the subquery into the outer query and choosing another index. It must not cut
    // anything off, because more users may match now than when they were counted.
    private const int All = int.MaxValue;

    /// <summary>
    /// The largest number of entries of a filter's index to read for their ids. Reading one takes about 0.1 µs.
    /// </summary>
    internal const int MaxEntries = 100_000;

    private const int FirstWalk = 1_000;

    /// <summary>The second walk's number of users. A walk up to this length usually fills its page before its end.</summary>
    internal const int SecondWalk = 10_000;

    private readonly ReplicaContext _db;
    private readonly UserFilter _filter;
    private readonly IQueryable<User>? _few;

    private UserListPlan(ReplicaContext db, UserFilter filter, IQueryable<User>? few) => (_db, _filter, _few) = (db, filter, few);

    public static async Task<UserListPlan> ChooseAsync(
        ReplicaContext db, UserFilter filter, CancellationToken cancellationToken) =>
        new(db, filter, await FindFewAsync(db, filter, cancellationToken));

    /// <summary>The users that match, if an index finds them among few; else <c>null</c>.</summary>
    public static async Task<IQueryable<User>?> FindFewAsync(
        ReplicaContext db, UserFilter filter, CancellationToken cancellationToken)
    {
        foreach (var part in filter.Parts())
        {
            if (part.MatchesFew || await ByIndex(db.Users.TagWith(ReplicaContext.WalkTag), part).Take(Few + 1)
                .CountAsync(cancellationToken) <= Few)
                return filter.Of(ByIndex(db.Users, part).Take(All));
        }

        return null;
    }

    /// <summary>
    /// The numbers of users that the walks visit at most. The first walk fills most pages. In id order users are read as they are
    /// stored, which takes less than 1 µs each; in another order, each is somewhere else.
    /// </summary>
    public static int[] WalksAlong(UserSort sort, Patience patience = Patience.Long) => patience == Patience.Short
        ? [FirstWalk, SecondWalk]
        : [FirstWalk, SecondWalk, sort == UserSort.Id ? 200_000 : 50_000];

    /// <summary>Counts the users that match: by one index, or in one pass over the table.</summary>
    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        (_few ?? _filter.Of(_filter.Parts().Skip(1).Any() ? _db.UsersByScan : _db.Users)).LongCountAsync(cancellationToken);

    /// <summary>Reads the first users that match, after the cursor if there is one.</summary>
    /// <returns><c>null</c> if this takes a longer walk than <paramref name="patience"/> allows.</returns>
    public async Task<UserSlice?> TakeAsync(
        UserOrder order, UserCursor? after, int limit, Patience patience, CancellationToken cancellationToken)
    {
        if (_few is not null)
            return UserSlice.Of(await ReadAllAsync(order.RangesOf(_few, after)), order, limit);
        if (IsServedByIndexOf(order))
            return UserSlice.Of(await ReadAllAsync(RangesOf(_filter, order, after)), order, limit);

        foreach (var length in WalksAlong(order.By, patience))
        {
            if (length > SecondWalk && await TakeByEntriesAsync(order, after, limit, cancellationToken) is { } slice)
                return slice;
            var (met, end) = await WalkAsync(order, after, limit + 1, length, cancellationToken);
            if (met.Count > limit || end is null)
                return UserSlice.Of(met, order, limit);
            if (length > SecondWalk)
                return new(met, UserCursor.At(end, order), EndsEarly: true);
        }

        return null;

        // In one statement, because each costs a round trip to the database.
        Task<List<UserDto>> ReadAllAsync(IQueryable<User>[] ranges) => ReadAsync(
            [ranges is [var only] ? only : order.Of(ranges.Select(range => range.Take(limit + 1)).Aggregate(Queryable.Concat))],
            limit + 1, cancellationToken);
    }

    // In the order of the index of the filter.
    private static IQueryable<User> ByIndex(IQueryable<User> users, UserFilter part) =>
        new UserOrder(part.IndexedLike()).Of(part.Of(users));

    // After a short walk, the users are read again when the end is known: meanwhile, others may have been added or deleted before
    // it. A long walk finds its end first, which reads entries of the index only.
    private async Task<(List<UserDto> Met, UserDto? End)> WalkAsync(
        UserOrder order, UserCursor? after, int count, int length, CancellationToken cancellationToken)
    {
        var met = new List<UserDto>();
        var bounds = _filter.RangeOf(order.By);
        var ranges = RangesOf(bounds, order, after);
        for (var i = 0; i < ranges.Length; i++)
        {
            if (length <= SecondWalk)
            {
                // If the range ends long before the walk, the walk has met everybody.
                var first = await ReadAsync([_filter.Of(ranges[i].Take(length))], count - met.Count, cancellationToken);
                var isFull = met.Count + first.Count == count;
                if (isFull || await UserAtAsync(ranges[i], length / 2, cancellationToken) is null)
                {
                    met.AddRange(first);
                    if (isFull)
                        return (met, null);
                    continue;
                }
            }

            var end = await UserAtAsync(ranges[i], length - 1, cancellationToken);
            var all = end is null ? ranges[i]
                : order.UpTo(RangesOf(bounds.WithoutEnd(order), order, after)[i], UserCursor.At(end, order));
            met.AddRange(await ReadAsync([_filter.Of(all.Take(All))], count - met.Count, cancellationToken));
            if (met.Count == count || end is not null)
                return (met, end);
        }

        return (met, null);
    }

    private IQueryable<User>[] RangesOf(UserFilter bounds, UserOrder order, UserCursor? after) =>
        order.RangesOf(
            (after is null ? bounds : bounds.WithoutStart(order)).Of(_db.Users.TagWith(ReplicaContext.WalkTag)), after);

    // One index serves filter and sort if the filter has no other condition.
    private bool IsServedByIndexOf(UserOrder order)
    {
        var parts = _filter.Parts().ToList();
        return !_filter.HasUnindexed && (parts.Count == 0 || (parts.Count == 1 && parts[0].IndexedLike() == order.By));
    }

    private async Task<UserSlice?> TakeByEntriesAsync(
        UserOrder order, UserCursor? after, int limit, CancellationToken cancellationToken)
    {
        if (order.By != UserSort.Id || _filter.HasUnindexed || _filter.Parts().Count() != 1)
            return null;
        var part = _filter.Parts().Single();
        var entries = ByIndex(_db.Users.TagWith(ReplicaContext.WalkTag), part).Take(MaxEntries + 1);
        if (await entries.CountAsync(cancellationToken) > MaxEntries)
            return null;
        var ids = await order.RangesOf(entries, after).Single().Select(user => user.Id).Take(limit + 1)
            .ToListAsync(cancellationToken);
        var page = ids[..Math.Min(limit, ids.Count)];
        var users = await ReadAsync(
            [order.Of(_filter.Of(_db.Users.Where(user => page.Contains(user.Id))))], limit, cancellationToken);
        return new(users, ids.Count > limit ? new(page[^1], "", default) : null);
    }

    private static async Task<UserDto?> UserAtAsync(IQueryable<User> range, int position, CancellationToken cancellationToken) =>
        (await ReadAsync([range.Skip(position)], 1, cancellationToken)).SingleOrDefault();

    private static async Task<List<UserDto>> ReadAsync(
        IQueryable<User>[] ranges, int count, CancellationToken cancellationToken)
    {
        var users = new List<UserDto>();
        foreach (var range in ranges)
        {
            if (users.Count < count)
                users.AddRange(await range.Take(count - users.Count).Select(UserDtoMapping.ProjectionWithKey)
                    .ToListAsync(cancellationToken));
        }

        return users;
    }
}

/// <summary>How long a list may take.</summary>
internal enum Patience
{
    /// <summary>A hundredth of a second. Most lists take less.</summary>
    Short,

    /// <summary>Half a second.</summary>
    Long,
}

/// <summary>The users of a page, and the cursor after which the next page starts, if the list goes on.</summary>
/// <param name="Users">The users.</param>
/// <param name="Next">The cursor; <c>null</c> on the last page.</param>
/// <param name="EndsEarly">Whether the page is not full, although there may be more users that match.</param>
internal sealed record UserSlice(IReadOnlyList<UserDto> Users, UserCursor? Next, bool EndsEarly = false)
{
    /// <summary>Takes users that were read until there was one more than the limit, or no more.</summary>
    public static UserSlice Of(List<UserDto> users, UserOrder order, int limit)
    {
        if (users.Count <= limit)
            return new(users, null);
        users.RemoveRange(limit, users.Count - limit);
        return new(users, UserCursor.At(users[^1], order));
    }
}
