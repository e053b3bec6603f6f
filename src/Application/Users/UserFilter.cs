using System.Text;
using FluentValidation;
using FluentValidation.Results;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>Selects the users of a list: those that match all members that are given.</summary>
/// <param name="Email">The user with this address, compared by its key.</param>
/// <param name="NamePrefix">Users whose names start with this text. Case-sensitive; the normal form does not matter.</param>
/// <param name="CreatedAfter">Users created later than this time (exclusive).</param>
/// <param name="CreatedBefore">Users created earlier than this time (exclusive).</param>
/// <param name="Ids">Users with these ids, 1 to <see cref="MaxIds"/>.</param>
/// <param name="ExternalId">The user with this external id.</param>
/// <param name="Active">Users that are active, or those that are not.</param>
/// <param name="UpdatedAfter">Users changed later than this time (exclusive).</param>
/// <param name="UpdatedBefore">Users not changed since a moment before this time (exclusive).</param>
/// <param name="Attributes">Users whose attributes have all of these values, at paths that have an index.</param>
public sealed record UserFilter(
    string? Email = null,
    string? NamePrefix = null,
    DateTimeOffset? CreatedAfter = null,
    DateTimeOffset? CreatedBefore = null,
    IReadOnlyList<long>? Ids = null,
    string? ExternalId = null,
    bool? Active = null,
    DateTimeOffset? UpdatedAfter = null,
    DateTimeOffset? UpdatedBefore = null,
    IReadOnlyList<AttributeFilter>? Attributes = null)
{
    /// <summary>All users.</summary>
    public static readonly UserFilter None = new();

    /// <summary>The largest number of ids in one filter.</summary>
    public const int MaxIds = 200;

    /// <summary>Whether the filter names each user it can match, by a unique member.</summary>
    internal bool MatchesFew => (Email ?? ExternalId ?? (object?)Ids) is not null;

    /// <summary>Whether a condition has no index: nearly all users are active, so an index would not find them sooner.</summary>
    internal bool HasUnindexed => Active is true;

    private bool HasLowerBound { get; init; } = true;

    private bool HasUpperBound { get; init; } = true;

    /// <summary>Splits the filter into parts, each of which one index can serve, those that usually match fewest first.</summary>
    internal IEnumerable<UserFilter> Parts()
    {
        if (Email is not null)
            yield return new(Email: Email);
        if (ExternalId is not null)
            yield return new(ExternalId: ExternalId);
        if (Ids is not null)
            yield return new(Ids: Ids);
        if (Active is false)
            yield return new(Active: Active);
        foreach (var attribute in Attributes ?? [])
            yield return new(Attributes: [attribute]);
        if (NamePrefix is not null)
            yield return new(NamePrefix: NamePrefix);
        if (CreatedAfter is not null || CreatedBefore is not null)
            yield return new(CreatedAfter: CreatedAfter, CreatedBefore: CreatedBefore);
        if (UpdatedAfter is not null || UpdatedBefore is not null)
            yield return new(UpdatedAfter: UpdatedAfter, UpdatedBefore: UpdatedBefore);
    }

    /// <summary>The sort in which the index of this part of a filter returns the users.</summary>
    internal UserSort IndexedLike() =>
        Email is not null ? UserSort.Email
        : NamePrefix is not null ? UserSort.Name
        : (CreatedAfter ?? CreatedBefore) is not null ? UserSort.CreatedAt
        : (UpdatedAfter ?? UpdatedBefore) is not null ? UserSort.UpdatedAt
        : UserSort.Id;

    /// <summary>The range of a sort's index that can contain matches.</summary>
    internal UserFilter RangeOf(UserSort sort) => sort switch
    {
        UserSort.Name => new(NamePrefix: NamePrefix),
        // A user is never changed before it is created.
        UserSort.CreatedAt => new(CreatedAfter: CreatedAfter, CreatedBefore: Earlier(CreatedBefore, UpdatedBefore)),
        UserSort.UpdatedAt => new(UpdatedAfter: Later(UpdatedAfter, CreatedAfter), UpdatedBefore: UpdatedBefore),
        _ => None,
    };

    /// <summary>
    /// This range without its start, because the list starts at a cursor. Of two starts, SQLite might begin at the wrong one, and
    /// each page would visit all users before it.
    /// </summary>
    internal UserFilter WithoutStart(UserOrder order) =>
        order.Descending ? this with { HasUpperBound = false } : this with { HasLowerBound = false };

    /// <summary>This range without its end, because the list ends at a cursor.</summary>
    internal UserFilter WithoutEnd(UserOrder order) => WithoutStart(order with { Descending = !order.Descending });

    internal IQueryable<User> Of(IQueryable<User> users)
    {
        if (Email is not null)
        {
            var key = EmailAddress.Parse(Email).Key;
            users = users.Where(user => user.EmailKey == key);
        }

        if (NamePrefix is not null)
        {
            // Both databases sort names by code point, so a range can use their index; LIKE could not.
            var first = NamePrefix.Normalize(NormalizationForm.FormC).TrimStart();
            if (HasLowerBound)
                users = users.Where(user => string.Compare(user.Name, first) >= 0);
            if (HasUpperBound && FirstTextAfter(first) is { } end)
                users = users.Where(user => string.Compare(user.Name, end) < 0);
        }

        if (HasLowerBound && CreatedAfter is { } after)
            users = users.Where(user => user.CreatedAt > after);
        if (HasUpperBound && CreatedBefore is { } createdBefore)
        {
            var before = InMicroseconds(createdBefore);
            users = users.Where(user => user.CreatedAt < before);
        }

        if (HasLowerBound && UpdatedAfter is { } updatedAfter)
            users = users.Where(user => user.UpdatedAt > updatedAfter);
        if (HasUpperBound && UpdatedBefore is { } updatedBefore)
        {
            var before = InMicroseconds(updatedBefore);
            users = users.Where(user => user.UpdatedAt < before);
        }

        if (ExternalId is not null)
            users = users.Where(user => user.ExternalId == ExternalId);
        if (Active is { } active) // as a constant, which the partial index of inactive users needs
            users = active ? users.Where(user => user.Active) : users.Where(user => !user.Active);
        if (Ids is not null)
            users = users.Where(user => Ids.Contains(user.Id));
        foreach (var attribute in Attributes ?? [])
            users = users.Where(attribute.Matches());
        return users;
    }

    /// <summary>A text that is the same for equal filters. A cursor is bound to it.</summary>
    internal string Canonical() => string.Join('\n',
        Email, NamePrefix, CreatedAfter?.UtcTicks, CreatedBefore?.UtcTicks,
        Ids is null ? null : string.Join(',', Ids.Order()))
        + (ExternalId is null ? "" : $"\nexternalId={ExternalId}") // appended only if given: old cursors stay valid
        + (Active is null ? "" : $"\nactive={Active}")
        + (UpdatedAfter is null ? "" : $"\nupdatedAfter={UpdatedAfter?.UtcTicks}")
        + (UpdatedBefore is null ? "" : $"\nupdatedBefore={UpdatedBefore?.UtcTicks}")
        + string.Concat((Attributes ?? []).OrderBy(attribute => attribute.Path, StringComparer.Ordinal)
            .Select(attribute => $"\nattributes.{attribute.Path}={attribute.Value}"));

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other : one;

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other > one ? other : one;

    // Databases store microseconds and truncate a finer parameter, which would exclude the last users before it. So round it up.
    private static DateTimeOffset InMicroseconds(DateTimeOffset before)
    {
        var rest = before.UtcTicks % TimeSpan.TicksPerMicrosecond;
        return rest == 0 || before > DateTimeOffset.MaxValue.AddMicroseconds(-1)
            ? before
            : before.AddTicks(TimeSpan.TicksPerMicrosecond - rest);
    }

    private static string? FirstTextAfter(string prefix)
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
    public UserFilterValidator(IndexedAttributes indexed)
    {
        RuleFor(filter => filter.Attributes).Custom((attributes, context) =>
        {
            foreach (var attribute in attributes ?? [])
                Check(attribute, indexed, context);
        });
        RuleFor(filter => filter.Email).Parses<UserFilter, EmailAddress>(EmailAddress.TryParse);
        RuleFor(filter => filter.ExternalId).Parses<UserFilter, ExternalId>(ExternalId.TryParse);
        RuleFor(filter => filter.NamePrefix).Must(prefix => prefix is null || UserName.CanBeginWith(prefix))
            .WithErrorCode("namePrefix.invalid").WithMessage("The prefix must be the first 1 to 200 characters of a name.");
        RuleFor(filter => filter.Ids).Must(ids => ids is null or { Count: >= 1 and <= UserFilter.MaxIds })
            .OverridePropertyName("Id").WithErrorCode("id.count").WithMessage($"Name 1 to {UserFilter.MaxIds} ids.");
    }

    private static void Check(AttributeFilter attribute, IndexedAttributes indexed, ValidationContext<UserFilter> context)
    {
        var allowed = indexed.Paths.Count == 0
            ? $"No attribute can be used: the operator declares those that can in {IndexedAttributes.Setting}."
            : $"Those that can be used are {string.Join(", ", indexed.Paths)}; {IndexedAttributes.Setting} declares them.";
        var (code, detail) =
            !indexed.Paths.Contains(attribute.Path)
                ? ("attribute.notIndexed", $"Users cannot be filtered by this attribute. {allowed}")
            : attribute.Example() is null
                ? ("attribute.invalid", "The value must be a string of 1 to 255 characters, a number, true or false, and valid "
                    + "JSON if it starts with a quotation mark. Quote a string that looks like another type: \"3\".")
            : ("", "");
        if (code.Length > 0)
            context.AddFailure(new ValidationFailure($"attributes.{attribute.Path}", detail) { ErrorCode = code });
    }
}
