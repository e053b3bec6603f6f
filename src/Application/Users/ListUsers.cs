using System.Globalization;
using System.Text.Json;
using FluentValidation;
using FluentValidation.Results;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>Reads a page of users. Every page costs the same, because it starts at a cursor instead of skipping rows.</summary>
/// <param name="Filter">Which users to list.</param>
/// <param name="Order">The sort order; ties are sorted by id, in the same direction.</param>
/// <param name="Limit">The largest number of users on the page, 1 to <see cref="MaxLimit"/>.</param>
/// <param name="Cursor">Where the page starts: <see cref="UserPage.Next"/> of a page with the same filter and order.</param>
/// <param name="Count">Whether to count all users that match.</param>
/// <param name="Search">
/// Words that the users must have, up to <see cref="UserSearch.MaxWords"/>. The users are then sorted by how well they match, and
/// not by <paramref name="Order"/>.
/// </param>
public sealed record ListUsers(
    UserFilter Filter, UserOrder Order, int Limit = ListUsers.DefaultLimit, string? Cursor = null, bool Count = false,
    string? Search = null) : IQuery<UserPage>
{
    /// <summary>The default page size.</summary>
    public const int DefaultLimit = 50;

    /// <summary>The largest page size.</summary>
    public const int MaxLimit = 200;

    /// <inheritdoc/>
    public IReadOnlyList<InputError> Unreadable { get; init; } = [];
}

/// <summary>A page of users.</summary>
/// <param name="Items">The users.</param>
/// <param name="Next">The cursor of the next page; <c>null</c> on the last page.</param>
/// <param name="Total">The number of users that match the filter, if <see cref="ListUsers.Count"/>.</param>
public sealed record UserPage(IReadOnlyList<UserDto> Items, string? Next, long? Total);

internal sealed class ListUsersValidator : AbstractValidator<ListUsers>
{
    public ListUsersValidator(IndexedAttributes indexed)
    {
        RuleFor(query => query.Limit).InclusiveBetween(1, ListUsers.MaxLimit)
            .WithErrorCode("limit.outOfRange").WithMessage($"The limit must be between 1 and {ListUsers.MaxLimit}.");
        RuleFor(query => query.Cursor).Must((query, cursor) => cursor is null || UserCursor.TryDecode(cursor, query, out _))
            .WithErrorCode("cursor.invalid")
            .WithMessage("The cursor must be the `next` of a page that was asked for with the same sort and filters.");
        RuleFor(query => query.Search).Custom((search, context) =>
        {
            if (search is not null && UserSearch.Check(search) is { } violation)
                context.AddFailure(new ValidationFailure("q", violation.Detail) { ErrorCode = violation.Code });
        });
        RuleFor(query => query.Filter).SetValidator(new UserFilterValidator(indexed));
    }
}

internal sealed class ListUsersHandler(IReplica replica) : IQueryHandler<ListUsers, UserPage>
{
    private static readonly TimeSpan MaxCountTime = TimeSpan.FromSeconds(5);

    private static readonly Error CountTimedOut = Error.TimedOut(new("count", "count.timedOut",
        "Counting took longer than 5 seconds and was stopped. Leave out count, or add a filter that matches fewer users."));

    public async Task<Result<UserPage>> Handle(ListUsers request, CancellationToken cancellationToken)
    {
        var after = request.Cursor is null ? null : UserCursor.Decode(request.Cursor, request);
        var isFresh = request.Search is not null; // what was written is found by the next search; other lists may be older
        var slice = await replica.ReadAsync(db => ReadAsync(db, Patience.Short), cancellationToken, isFresh)
            ?? await replica.ReadLongAsync(db => ReadAsync(db, Patience.Long), cancellationToken, isFresh);
        if (slice is { Users.Count: 0, EndsEarly: true } && after is null)
            return TooBroad(request);
        if (!request.Count)
            return new UserPage(slice!.Users, slice.Next?.Encode(request), Total: null);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var total = await replica.ReadLongAsync(CountAsync, limit.Token, isFresh);
            return new UserPage(slice!.Users, slice.Next?.Encode(request), total);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CountTimedOut;
        }

        Task<UserSlice?> ReadAsync(ReplicaContext db, Patience patience) =>
            ListUsersHandler.ReadAsync(db, request, after, patience, cancellationToken);

        Task<long> CountAsync(ReplicaContext db)
        {
            limit.CancelAfter(MaxCountTime); // the time that it waited for others does not count
            return ListUsersHandler.CountAsync(db, request, limit.Token);
        }
    }

    private static async Task<UserSlice?> ReadAsync(
        ReplicaContext db, ListUsers request, UserCursor? after, Patience patience, CancellationToken cancellationToken)
    {
        if (request.Search is not null)
            return await (await UserSearchPlan.ChooseAsync(db, new(request.Search), request.Filter, cancellationToken))
                .TakeAsync(after, request.Limit, patience, cancellationToken);
        if (Compiled(db, request, after) is { } compiled)
            return UserSlice.Of(await compiled.ToListAsync(cancellationToken), request.Order, request.Limit);
        return await (await UserListPlan.ChooseAsync(db, request.Filter, cancellationToken))
            .TakeAsync(request.Order, after, request.Limit, patience, cancellationToken);
    }

    private static async Task<long> CountAsync(ReplicaContext db, ListUsers request, CancellationToken cancellationToken) =>
        request.Search is not null
            ? await (await UserSearchPlan.ChooseAsync(db, new(request.Search), request.Filter, cancellationToken))
                .CountAsync(cancellationToken)
            : await (await UserListPlan.ChooseAsync(db, request.Filter, cancellationToken)).CountAsync(cancellationToken);

    private static IAsyncEnumerable<UserDto>? Compiled(ReplicaContext db, ListUsers request, UserCursor? after)
    {
        var (filter, order, count) = (request.Filter, request.Order, request.Limit + 1);
        if (filter == UserFilter.None && order == default)
            return CompiledUsers.AfterId.For(db)(db, after?.Id ?? 0, count);
        if (after is null && filter == new UserFilter(filter.Email) && filter.Email is not null)
            return CompiledUsers.ByEmailKey.For(db)(db, EmailAddress.Parse(filter.Email).Key);
        return null;
    }

    private static Error TooBroad(ListUsers request)
    {
        var visited = UserListPlan.WalksAlong(request.Order.By)[^1];
        var sorts = request.Filter.Parts()
            .Select(part => JsonNamingPolicy.CamelCase.ConvertName($"{part.IndexedLike()}")).Distinct().DefaultIfEmpty("id");
        var remedy = request.Search is null ? $"Sort by {string.Join(" or ", sorts)}" : "Search for a longer word";
        return Error.Invalid([new(request.Search is null ? "sort" : "q", "list.tooBroad",
            string.Create(
                CultureInfo.InvariantCulture, $"None of the first {visited:N0} users in this order matches. {remedy}, or ")
            + "add a filter that matches fewer users: email, externalId, id, namePrefix, active=false, an attribute, or "
            + "less time between createdAfter and createdBefore or between updatedAfter and updatedBefore.")]);
    }
}
