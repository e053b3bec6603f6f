using System.Linq.Expressions;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>What a list of users can be sorted by.</summary>
public enum UserSort
{
    /// <summary>The order of creation.</summary>
    Id,

    /// <summary>Names in code point order.</summary>
    Name,

    /// <summary>E-mail keys in code point order, so case does not matter.</summary>
    Email,

    /// <summary>Times of creation, earliest first.</summary>
    CreatedAt,

    /// <summary>Times of the last change, earliest first.</summary>
    UpdatedAt,
}

/// <summary>The order of a list of users. It is total: ties are sorted by id, in the same direction.</summary>
public readonly record struct UserOrder(UserSort By, bool Descending = false)
{
    /// <summary>Sorts the users, starting after the cursor if there is one.</summary>
    internal IQueryable<User> Of(IQueryable<User> users, UserCursor? after)
    {
        users = after is null ? users : After(users, after);
        return By switch
        {
            UserSort.Id => Sorted(users, user => user.Id),
            UserSort.Name => Sorted(users, user => user.Name),
            UserSort.Email => Sorted(users, user => user.EmailKey),
            UserSort.CreatedAt => Sorted(users, user => user.CreatedAt),
            UserSort.UpdatedAt => Sorted(users, user => user.UpdatedAt),
            _ => throw new InvalidOperationException($"No such sort: {By}"),
        };
    }

    // "key >= k AND (key > k OR id > i)" rather than "key > k OR (key = k AND id > i)", so the first conjunct is an index range.
    private IQueryable<User> After(IQueryable<User> users, UserCursor at) => (By, Descending) switch
    {
        (UserSort.Id, false) => users.Where(user => user.Id > at.Id),
        (UserSort.Id, true) => users.Where(user => user.Id < at.Id),
        (UserSort.Name, false) => users.Where(user => string.Compare(user.Name, at.Text) >= 0
            && (string.Compare(user.Name, at.Text) > 0 || user.Id > at.Id)),
        (UserSort.Name, true) => users.Where(user => string.Compare(user.Name, at.Text) <= 0
            && (string.Compare(user.Name, at.Text) < 0 || user.Id < at.Id)),
        (UserSort.Email, false) => users.Where(user => string.Compare(user.EmailKey, at.Text) >= 0
            && (string.Compare(user.EmailKey, at.Text) > 0 || user.Id > at.Id)),
        (UserSort.Email, true) => users.Where(user => string.Compare(user.EmailKey, at.Text) <= 0
            && (string.Compare(user.EmailKey, at.Text) < 0 || user.Id < at.Id)),
        (UserSort.CreatedAt, false) => users.Where(user => user.CreatedAt >= at.Time
            && (user.CreatedAt > at.Time || user.Id > at.Id)),
        (UserSort.CreatedAt, true) => users.Where(user => user.CreatedAt <= at.Time
            && (user.CreatedAt < at.Time || user.Id < at.Id)),
        (UserSort.UpdatedAt, false) => users.Where(user => user.UpdatedAt >= at.Time
            && (user.UpdatedAt > at.Time || user.Id > at.Id)),
        (UserSort.UpdatedAt, true) => users.Where(user => user.UpdatedAt <= at.Time
            && (user.UpdatedAt < at.Time || user.Id < at.Id)),
        _ => throw new InvalidOperationException($"No such sort: {By}"),
    };

    private IQueryable<User> Sorted<TKey>(IQueryable<User> users, Expression<Func<User, TKey>> key) => (By, Descending) switch
    {
        (UserSort.Id, false) => users.OrderBy(key),
        (UserSort.Id, true) => users.OrderByDescending(key),
        (_, false) => users.OrderBy(key).ThenBy(user => user.Id),
        (_, true) => users.OrderByDescending(key).ThenByDescending(user => user.Id),
    };
}
