using FluentValidation;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>Reads a page of users. Every page costs the same, because it starts at a cursor instead of skipping rows.</summary>
/// <param name="Filter">Which users to list.</param>
/// <param name="Order">The sort order; ties are sorted by id, in the same direction.</param>
/// <param name="Limit">The largest number of users on the page, 1 to <see cref="MaxLimit"/>.</param>
/// <param name="Cursor">Where the page starts: <see cref="UserPage.Next"/> of a page with the same filter and order.</param>
/// <param name="Count">Whether to count all users that match.</param>
public sealed record ListUsers(
    UserFilter Filter, UserOrder Order, int Limit = ListUsers.DefaultLimit, string? Cursor = null, bool Count = false)
    : IQuery<UserPage>
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
    public ListUsersValidator()
    {
        RuleFor(query => query.Limit).InclusiveBetween(1, ListUsers.MaxLimit)
            .WithErrorCode("limit.outOfRange").WithMessage($"The limit must be between 1 and {ListUsers.MaxLimit}.");
        RuleFor(query => query.Cursor).Must((query, cursor) => cursor is null || UserCursor.TryDecode(cursor, query, out _))
            .WithErrorCode("cursor.invalid")
            .WithMessage("The cursor must be the `next` of a page that was asked for with the same sort and filters.");
        RuleFor(query => query.Filter).SetValidator(new UserFilterValidator());
    }
}

internal sealed class ListUsersHandler(IReplica replica) : IQueryHandler<ListUsers, UserPage>
{
    public Task<Result<UserPage>> Handle(ListUsers request, CancellationToken cancellationToken) =>
        replica.ReadAsync(db => ReadAsync(db, request, cancellationToken), cancellationToken);

    private static async Task<Result<UserPage>> ReadAsync(
        ReplicaContext db, ListUsers request, CancellationToken cancellationToken)
    {
        var after = request.Cursor is null ? null : UserCursor.Decode(request.Cursor, request);
        var compiled = Compiled(db, request, after);
        var plan = compiled is null || request.Count
            ? await UserListPlan.ChooseAsync(db, request.Filter, request.Order, cancellationToken)
            : null;
        var users = compiled is null
            ? await plan!.TakeAsync(after, request.Limit + 1, cancellationToken)
            : await compiled.ToListAsync(cancellationToken);

        string? next = null;
        if (users.Count > request.Limit)
        {
            users.RemoveAt(request.Limit);
            next = UserCursor.At(users[^1], request.Order).Encode(request);
        }

        return new UserPage(users, next, request.Count ? await plan!.CountAsync(cancellationToken) : null);
    }

    private static IAsyncEnumerable<UserDto>? Compiled(ReplicaContext db, ListUsers request, UserCursor? after)
    {
        var (filter, order, count) = (request.Filter, request.Order, request.Limit + 1);
        if (filter == UserFilter.None && order == default)
            return CompiledUsers.AfterId.For(db)(db, after?.Id ?? 0, count);
        if (after is null && filter == new UserFilter(filter.Email) && filter.Email is not null)
            return CompiledUsers.ByEmailKey.For(db)(db, EmailAddress.Parse(filter.Email).Key);
        return null;
    }
}
