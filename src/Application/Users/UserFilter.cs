using System.Text;
using FluentValidation;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>Which users a list holds: those that every member given lets through.</summary>
/// <param name="Email">The one with this address, by its key.</param>
/// <param name="NamePrefix">Whose name starts so: case counts, normal form does not.</param>
/// <param name="CreatedAfter">Created later than this, not at it.</param>
/// <param name="CreatedBefore">Created earlier than this, not at it.</param>
/// <param name="Ids">One of these, 1 to <see cref="MaxIds"/> of them.</param>
public sealed record UserFilter(
    string? Email = null,
    string? NamePrefix = null,
    DateTimeOffset? CreatedAfter = null,
    DateTimeOffset? CreatedBefore = null,
    IReadOnlyList<long>? Ids = null)
{
    /// <summary>Everybody.</summary>
    public static readonly UserFilter None = new();

    /// <summary>The most ids in one list.</summary>
    public const int MaxIds = 200;

    /// <summary>Whether it can match no more users than it names.</summary>
    internal bool MatchesFew => (Email ?? (object?)Ids) is not null;

    /// <summary>The same filter taken apart into filters that are each served by one index.</summary>
    internal IEnumerable<UserFilter> Parts()
    {
        if (Email is not null)
            yield return new(Email: Email);
        if (Ids is not null)
            yield return new(Ids: Ids);
        if (NamePrefix is not null)
            yield return new(NamePrefix: NamePrefix);
        if (CreatedAfter is not null || CreatedBefore is not null)
            yield return new(CreatedAfter: CreatedAfter, CreatedBefore: CreatedBefore);
    }

    /// <summary>The sort that is served by the same index as this part of a filter.</summary>
    internal UserSort IndexedLike() =>
        Email is not null ? UserSort.Email
        : Ids is not null ? UserSort.Id
        : NamePrefix is not null ? UserSort.Name
        : UserSort.CreatedAt;

    /// <summary>The stretch of a sort's index outside of which nobody matches.</summary>
    internal IQueryable<User> Bound(IQueryable<User> users, UserSort sort) => sort switch
    {
        UserSort.Name => new UserFilter(NamePrefix: NamePrefix).Of(users),
        UserSort.CreatedAt => new UserFilter(CreatedAfter: CreatedAfter, CreatedBefore: CreatedBefore).Of(users),
        UserSort.UpdatedAt when CreatedAfter is { } after => users.Where(user => user.UpdatedAt > after), // never before creation
        _ => users,
    };

    internal IQueryable<User> Of(IQueryable<User> users)
    {
        if (Email is not null)
        {
            var key = EmailAddress.Parse(Email).Key;
            users = users.Where(user => user.EmailKey == key);
        }

        if (NamePrefix is not null)
        {
            // A range in code point order, which both databases keep, can use the index on names; LIKE could not.
            var first = NamePrefix.Normalize(NormalizationForm.FormC).TrimStart();
            users = users.Where(user => string.Compare(user.Name, first) >= 0);
            if (FirstTextBehind(first) is { } end)
                users = users.Where(user => string.Compare(user.Name, end) < 0);
        }

        if (CreatedAfter is { } after)
            users = users.Where(user => user.CreatedAt > after);
        if (CreatedBefore is { } given)
        {
            var before = InMicroseconds(given);
            users = users.Where(user => user.CreatedAt < before);
        }

        if (Ids is not null)
            users = users.Where(user => Ids.Contains(user.Id));
        return users;
    }

    /// <summary>The same text for the same filter: what a cursor is bound to.</summary>
    internal string Canonical() => string.Join('\n',
        Email, NamePrefix, CreatedAfter?.UtcTicks, CreatedBefore?.UtcTicks,
        Ids is null ? null : string.Join(',', Ids.Order()));

    // Databases keep microseconds and cut off the rest of a parameter, which would exclude the last users before a finer bound.
    private static DateTimeOffset InMicroseconds(DateTimeOffset before)
    {
        var rest = before.UtcTicks % TimeSpan.TicksPerMicrosecond;
        return rest == 0 || before > DateTimeOffset.MaxValue.AddMicroseconds(-1) ? before : before.AddTicks(TimeSpan.TicksPerMicrosecond - rest);
    }

    private static string? FirstTextBehind(string prefix)
    {
        var runes = prefix.EnumerateRunes().ToList();
        while (runes.Count > 0)
        {
            var last = runes[^1].Value;
            runes.RemoveAt(runes.Count - 1);
            if (last < 0x10FFFF)
                return string.Concat(runes) + new Rune(last == 0xD7FF ? 0xE000 : last + 1);
        }

        return null;
    }
}

internal sealed class UserFilterValidator : AbstractValidator<UserFilter>
{
    public UserFilterValidator()
    {
        RuleFor(filter => filter.Email).Parses<UserFilter, EmailAddress>(EmailAddress.TryParse);
        RuleFor(filter => filter.NamePrefix).Must(prefix => prefix is null || UserName.CanBeginWith(prefix))
            .WithErrorCode("namePrefix.invalid").WithMessage("The prefix must be the first 1 to 200 characters of a name.");
        RuleFor(filter => filter.Ids).Must(ids => ids is null or { Count: >= 1 and <= UserFilter.MaxIds })
            .OverridePropertyName("Id").WithErrorCode("id.count").WithMessage($"Name 1 to {UserFilter.MaxIds} ids.");
    }
}
