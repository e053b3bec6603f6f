using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>
/// Decides how the database finds the users of a search, so that no page visits more than a limited number of users.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>If a filter, or the terms of the words, select few users, these are read, and ranked in memory.</item>
/// <item>Otherwise each rank is read in turn, in id order, so that nothing has to be sorted: through the index of terms if it
/// finds users in that order, else by a walk along the ids, as many users match; the index is asked again for each rank, because
/// a better rank may have few users.</item>
/// <item>If the longest walk does not fill the page, the page ends where the walk stopped, and the next one continues
/// there. A page has one such walk; if it finishes a rank, the next page begins with the next rank.</item>
/// </list>
/// </remarks>
internal sealed class UserSearchPlan
{
    /// <summary>The largest number of users with the terms of the words that are read and ranked in memory.</summary>
    internal const int Few = 500;

    private static readonly int[] Walks = UserListPlan.WalksAlong(UserSort.Id);

    private readonly ReplicaContext _db;
    private readonly UserSearch _search;
    private readonly UserFilter _filter;
    private readonly List<UserText>? _few;

    private UserSearchPlan(ReplicaContext db, UserSearch search, UserFilter filter, List<UserText>? few) =>
        (_db, _search, _filter, _few) = (db, search, filter, few);

    public static async Task<UserSearchPlan> ChooseAsync(
        ReplicaContext db, UserSearch search, UserFilter filter, CancellationToken cancellationToken)
    {
        if (await UserListPlan.FindFewAsync(db, filter, cancellationToken) is { } byFilter)
            return new(db, search, filter, await ReadTextsAsync(search.Found(byFilter, UserSearch.LastRank)));

        var terms = search.Terms(UserSearch.LastRank);
        List<UserText>? few = null;
        if (terms.Count > 0
            && (db.FindsInOrder(terms) || !await IsCommonAsync(db, search, UserSearch.LastRank, cancellationToken)))
        {
            few = await ReadTextsAsync(db.UsersWithTerms(terms).Take(Few + 1));
            few = few.Count > Few ? null
                : filter == UserFilter.None ? few
                : await ReadTextsAsync(filter.Of(db.UsersWithTerms(terms)));
        }

        return new(db, search, filter, few);

        Task<List<UserText>> ReadTextsAsync(IQueryable<User> users) =>
            users.Select(user => new UserText(user.Id, user.SearchText!)).ToListAsync(cancellationToken);
    }

    /// <summary>Counts the users that match.</summary>
    public Task<long> CountAsync(CancellationToken cancellationToken)
    {
        if (_few is not null)
            return Task.FromResult((long)_few.Count(user => _search.RankOf(user.Text) >= 0));
        var terms = _search.Terms(UserSearch.LastRank);
        var candidates = terms.Count == 0 ? _db.UsersByScan : _db.UsersWithTerms(terms);
        return _search.Found(_filter.Of(candidates), UserSearch.LastRank).LongCountAsync(cancellationToken);
    }

    /// <summary>Reads the first users that match, after the cursor if there is one.</summary>
    /// <returns><c>null</c> if this takes a longer walk than <paramref name="patience"/> allows.</returns>
    public async Task<UserSlice?> TakeAsync(
        UserCursor? after, int limit, Patience patience, CancellationToken cancellationToken)
    {
        if (_few is not null)
            return await RankAsync(after ?? UserCursor.At(0, 0), limit, cancellationToken);

        var users = new List<UserDto>();
        for (var rank = after?.Rank ?? 0; rank <= UserSearch.LastRank; rank++)
        {
            var id = rank == after?.Rank ? after.Id : 0;
            var (found, end, isLong) = await ReadRankAsync(rank, id, limit + 1 - users.Count, patience, cancellationToken);
            users.AddRange(found);
            if (users.Count > limit)
            {
                users.RemoveAt(limit);
                // If the user too many is the only one of its rank, the page ends with an earlier rank.
                return new(users, found.Count > 1 ? UserCursor.At(users[^1].Id, rank) : UserCursor.At(0, rank));
            }

            if (end is { } stoppedAt)
                return patience == Patience.Short ? null : new(users, UserCursor.At(stoppedAt, rank), EndsEarly: true);
            if (isLong && rank < UserSearch.LastRank && (after is not null || users.Count > 0))
                return new(users, UserCursor.At(0, rank + 1), EndsEarly: true);
        }

        return new(users, null);
    }

    // An index that finds all users at once takes long if they are many, however few are read.
    private static async Task<bool> IsCommonAsync(
        ReplicaContext db, UserSearch search, int rank, CancellationToken cancellationToken)
    {
        const int enough = 20;
        var first = new UserOrder(UserSort.Id).Of(db.Users).Take(WalksBefore(search.Terms(rank))[^1]);
        return await search.Found(first, rank).Take(enough).CountAsync(cancellationToken) == enough;
    }

    // A short part costs the index so much that a longer walk is worth a try.
    private static int[] WalksBefore(IReadOnlyList<SearchTerm> terms) =>
        terms.Count == 0 ? Walks : terms.Any(term => term.IsPrefix) ? Walks[..2] : Walks[..1];

    private async Task<UserSlice> RankAsync(UserCursor after, int limit, CancellationToken cancellationToken)
    {
        var ranked = _few!.Select(user => (Rank: _search.RankOf(user.Text), user.Id)).Where(user => user.Rank >= 0).Order()
            .SkipWhile(user => user.CompareTo((after.Rank, after.Id)) <= 0).Take(limit + 1).ToList();
        var page = ranked.Take(limit).ToList();
        if (page.Count == 0)
            return new([], null);
        var ids = page.ConvertAll(user => user.Id);
        var users = await CompiledUsers.ByIds.For(_db)(_db, ids).ToDictionaryAsync(
            user => user.Id, cancellationToken: cancellationToken);
        return new(
            [.. ids.Where(users.ContainsKey).Select(id => users[id])],
            ranked.Count > limit ? UserCursor.At(page[^1].Id, page[^1].Rank) : null);
    }

    /// <returns>
    /// The users, the id of the last one that was visited if the read stopped before it found enough, and whether the longest
    /// walk was necessary.
    /// </returns>
    private async Task<(List<UserDto> Users, long? End, bool IsLong)> ReadRankAsync(
        int rank, long after, int count, Patience patience, CancellationToken cancellationToken)
    {
        var walks = UserListPlan.WalksAlong(UserSort.Id, patience);
        var terms = _search.Terms(rank);
        if (terms.Count > 0 && _db.FindsInOrder(terms))
        {
            var (users, end) = await WalkAsync(upTo => _db.UsersWithTerms(terms, after, upTo), walks[^1], usuallyFills: true);
            return (users, end, IsLong: false);
        }

        foreach (var length in walks)
        {
            var (users, end) = await WalkAsync(
                upTo => new UserOrder(UserSort.Id).Of(_db.Users.TagWith(ReplicaContext.WalkTag)
                    .Where(user => user.Id > after && user.Id <= upTo)),
                length,
                usuallyFills: length < UserListPlan.SecondWalk);
            if (end is null)
                return (users, null, IsLong: length > UserListPlan.SecondWalk);
            if (terms.Count > 0 && length == WalksBefore(terms)[^1]
                && !await IsCommonAsync(_db, _search, rank, cancellationToken))
            {
                var byIndex = _db.UsersWithTerms(terms, after);
                if (await byIndex.Take(UserListPlan.Few + 1).CountAsync(cancellationToken) <= UserListPlan.Few)
                    return (await ReadAsync(new UserOrder(UserSort.Id).Of(Ranked(byIndex))), null, IsLong: false);
            }

            if (length == walks[^1])
                return (users, end, IsLong: true);
        }

        throw new UnreachableException();

        // A walk that usually fills the page reads users first. If it does not, they are read again when its end is known:
        // meanwhile, others may have been added or deleted before it. Other walks find their end first.
        async Task<(List<UserDto> Users, long? End)> WalkAsync(
            Func<long, IQueryable<User>> sorted, int length, bool usuallyFills)
        {
            var all = sorted(long.MaxValue);
            List<UserDto> met;
            if (usuallyFills)
            {
                met = await ReadAsync(Ranked(all.Take(length)));
                if (met.Count == count || await IdAtAsync(all, length / 2) is null)
                    return (met, null); // full, or far from its limit, so that the walk met everybody
            }

            var last = await IdAtAsync(all, length - 1);
            met = await ReadAsync(Ranked(sorted(last ?? long.MaxValue).Take(int.MaxValue)));
            return (met, met.Count == count ? null : last);
        }

        Task<long?> IdAtAsync(IQueryable<User> sorted, int position) =>
            sorted.Skip(position).Take(1).Select(user => (long?)user.Id).FirstOrDefaultAsync(cancellationToken);

        Task<List<UserDto>> ReadAsync(IQueryable<User> found) =>
            found.Take(count).Select(UserDtoMapping.Projection).ToListAsync(cancellationToken);

        IQueryable<User> Ranked(IQueryable<User> users) => _search.Ranked(_filter.Of(users), rank);
    }

    /// <summary>A user that may match, and the text to tell by.</summary>
    private sealed record UserText(long Id, string Text);
}
