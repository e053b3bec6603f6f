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
    /// <summary>Sorts the users.</summary>
    internal IQueryable<User> Of(IQueryable<User> users) => By switch
    {
        UserSort.Id => Sorted(users, user => user.Id),
        UserSort.Name => Sorted(users, user => user.Name),
        UserSort.Email => Sorted(users, user => user.EmailKey),
        UserSort.CreatedAt => Sorted(users, user => user.CreatedAt),
        UserSort.UpdatedAt => Sorted(users, user => user.UpdatedAt),
        _ => throw new InvalidOperationException($"No such sort: {By}"),
    };

    /// <summary>Limits sorted users to those up to the cursor, whose user is included.</summary>
    internal IQueryable<User> UpTo(IQueryable<User> users, UserCursor end)
    {
        var (key, time, id) = (end.Text, end.Time, end.Id);
        return (By, Descending) switch
        {
            (UserSort.Id, false) => users.Where(user => user.Id <= id),
            (UserSort.Id, true) => users.Where(user => user.Id >= id),
            (UserSort.Name, false) => users.Where(user => string.Compare(user.Name, key) <= 0
                && (string.Compare(user.Name, key) < 0 || user.Id <= id)),
            (UserSort.Name, true) => users.Where(user => string.Compare(user.Name, key) >= 0
                && (string.Compare(user.Name, key) > 0 || user.Id >= id)),
            (UserSort.Email, false) => users.Where(user => string.Compare(user.EmailKey, key) <= 0),
            (UserSort.Email, true) => users.Where(user => string.Compare(user.EmailKey, key) >= 0),
            (UserSort.CreatedAt, false) => users.Where(user => user.CreatedAt <= time
                && (user.CreatedAt < time || user.Id <= id)),
            (UserSort.CreatedAt, true) => users.Where(user => user.CreatedAt >= time
                && (user.CreatedAt > time || user.Id >= id)),
            (UserSort.UpdatedAt, false) => users.Where(user => user.UpdatedAt <= time
                && (user.UpdatedAt < time || user.Id <= id)),
            (UserSort.UpdatedAt, true) => users.Where(user => user.UpdatedAt >= time
                && (user.UpdatedAt > time || user.Id >= id)),
            _ => throw new InvalidOperationException($"No such sort: {By}"),
        };
    }

    /// <summary>
    /// Sorts the users after the cursor: first those with the same key and another id, then those with other keys. Each is one
    /// range of an index, so that a page among many users with the same key costs what any page costs.
    /// </summary>
    internal IQueryable<User>[] RangesOf(IQueryable<User> users, UserCursor? after)
    {
        if (after is null)
            return [Of(users)];
        var (key, time, id, isDescending) = (after.Text, after.Time, after.Id, Descending);
        return (By, Descending) switch
        {
            (UserSort.Id, false) => [Of(users.Where(user => user.Id > id))],
            (UserSort.Id, true) => [Of(users.Where(user => user.Id < id))],
            (UserSort.Name, false) =>
                [Tied(user => user.Name == key), Of(users.Where(user => string.Compare(user.Name, key) > 0))],
            (UserSort.Name, true) =>
                [Tied(user => user.Name == key), Of(users.Where(user => string.Compare(user.Name, key) < 0))],
            (UserSort.Email, false) =>
                [TiedByEmail(), Of(users.Where(user => string.Compare(user.EmailKey, key) > 0))],
            (UserSort.Email, true) =>
                [TiedByEmail(), Of(users.Where(user => string.Compare(user.EmailKey, key) < 0))],
            (UserSort.CreatedAt, false) =>
                [Tied(user => user.CreatedAt == time), Of(users.Where(user => user.CreatedAt > time))],
            (UserSort.CreatedAt, true) =>
                [Tied(user => user.CreatedAt == time), Of(users.Where(user => user.CreatedAt < time))],
            (UserSort.UpdatedAt, false) =>
                [Tied(user => user.UpdatedAt == time), Of(users.Where(user => user.UpdatedAt > time))],
            (UserSort.UpdatedAt, true) =>
                [Tied(user => user.UpdatedAt == time), Of(users.Where(user => user.UpdatedAt < time))],
            _ => throw new InvalidOperationException($"No such sort: {By}"),
        };

        // At most one, if another user has got the address meanwhile, so there is nothing to sort.
        IQueryable<User> TiedByEmail() => isDescending
            ? users.Where(user => user.EmailKey == key && user.Id < id)
            : users.Where(user => user.EmailKey == key && user.Id > id);

        IQueryable<User> Tied(Expression<Func<User, bool>> sameKey) =>
            new UserOrder(UserSort.Id, isDescending).Of(isDescending
                ? users.Where(sameKey).Where(user => user.Id < id)
                : users.Where(sameKey).Where(user => user.Id > id));
    }

    private IQueryable<User> Sorted<TKey>(IQueryable<User> users, Expression<Func<User, TKey>> key) => (By, Descending) switch
    {
        (UserSort.Id, false) => users.OrderBy(key),
        (UserSort.Id, true) => users.OrderByDescending(key),
        (_, false) => users.OrderBy(key).ThenBy(user => user.Id),
        (_, true) => users.OrderByDescending(key).ThenByDescending(user => user.Id),
    };
}
