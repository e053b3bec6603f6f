using FluentValidation;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>Reads the users that have one of these keys.</summary>
/// <param name="Keys">The keys, 1 to <see cref="MaxKeys"/> in all.</param>
public sealed record LookUpUsers(UserKeys Keys) : IQuery<UserLookup>
{
    /// <summary>The largest number of keys.</summary>
    public const int MaxKeys = 200;

    /// <inheritdoc/>
    public IReadOnlyList<InputError> Unreadable { get; init; } = [];
}

/// <summary>Keys of users.</summary>
/// <param name="Ids">Ids.</param>
/// <param name="Emails">E-mail addresses, compared by <see cref="EmailAddress.Key"/>.</param>
/// <param name="ExternalIds">External ids.</param>
public sealed record UserKeys(IReadOnlyList<long> Ids, IReadOnlyList<string> Emails, IReadOnlyList<string> ExternalIds)
{
    /// <summary>The number of keys.</summary>
    public int Count => Ids.Count + Emails.Count + ExternalIds.Count;
}

/// <summary>The result of a look-up.</summary>
/// <param name="Items">
/// The users in the order of the keys: ids, e-mail addresses, external ids. A user with several of the keys occurs once.
/// </param>
/// <param name="Missing">The keys that no user has, each once, in their order.</param>
public sealed record UserLookup(IReadOnlyList<UserDto> Items, UserKeys Missing);

internal sealed class LookUpUsersValidator : AbstractValidator<LookUpUsers>
{
    public LookUpUsersValidator()
    {
        RuleFor(query => query).Must(HasFewKeys).When(query => query.Unreadable.Count == 0)
            .WithErrorCode("keys.count").WithMessage($"Name 1 to {LookUpUsers.MaxKeys} keys in all.");
        RuleFor(query => query.Keys.Emails).AllParse<LookUpUsers, EmailAddress>(EmailAddress.TryParse).When(HasFewKeys);
        RuleFor(query => query.Keys.ExternalIds).AllParse<LookUpUsers, ExternalId>(ExternalId.TryParse).When(HasFewKeys);
    }

    private static bool HasFewKeys(LookUpUsers query) => query.Keys.Count is >= 1 and <= LookUpUsers.MaxKeys;
}

internal sealed class LookUpUsersHandler(ReadContext db) : IQueryHandler<LookUpUsers, UserLookup>
{
    public async Task<Result<UserLookup>> Handle(LookUpUsers request, CancellationToken cancellationToken)
    {
        var (ids, emails, externalIds) = request.Keys;
        var emailKeys = emails.Select(KeyOf).ToList();
        var byId = await ReadAsync(ids.Count, users => users.Where(user => ids.Contains(user.Id)), user => user.Id);
        var byEmail = await ReadAsync(
            emails.Count, users => users.Where(user => emailKeys.Contains(user.EmailKey)), user => user.EmailKey!);
        var byExternalId = await ReadAsync(
            externalIds.Count, users => users.Where(user => externalIds.Contains(user.ExternalId)), user => user.ExternalId!);

        var found = ids.Select(byId.GetValueOrDefault)
            .Concat(emailKeys.Select(byEmail.GetValueOrDefault))
            .Concat(externalIds.Select(byExternalId.GetValueOrDefault));
        return new UserLookup(
            [.. found.OfType<UserDto>().DistinctBy(user => user.Id)],
            new(
                [.. ids.Distinct().Where(id => !byId.ContainsKey(id))],
                [.. emails.Distinct().Where(email => !byEmail.ContainsKey(KeyOf(email)))],
                [.. externalIds.Distinct().Where(id => !byExternalId.ContainsKey(id))]));

        async Task<Dictionary<TKey, UserDto>> ReadAsync<TKey>(
            int count, Func<IQueryable<User>, IQueryable<User>> filter, Func<UserDto, TKey> keyOf) where TKey : notnull =>
            count == 0 ? [] : await filter(db.Users).Select(UserDtoMapping.ProjectionWithKey)
                .ToDictionaryAsync(keyOf, cancellationToken);
    }

    private static string KeyOf(string email) => EmailAddress.Parse(email).Key;
}
