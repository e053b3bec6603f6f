using FluentValidation;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;

namespace UserCqrs.Application.Changes;

/// <summary>Reads a page of the history of one user, also of a deleted one, newest first.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="Limit">The largest number of changes on the page, 1 to <see cref="ListChanges.MaxLimit"/>.</param>
/// <param name="Cursor">Where the page starts: <see cref="UserChangePage.Next"/> of a page of the same user.</param>
public sealed record ListUserChanges(long UserId, int Limit = ListChanges.DefaultLimit, string? Cursor = null)
    : IQuery<UserChangePage>
{
    /// <inheritdoc/>
    public IReadOnlyList<InputError> Unreadable { get; init; } = [];
}

/// <summary>A page of the history of a user.</summary>
/// <param name="Items">The changes.</param>
/// <param name="Next">The cursor of the next page; <c>null</c> on the last page.</param>
public sealed record UserChangePage(IReadOnlyList<ChangeDto> Items, string? Next);

internal sealed class ListUserChangesValidator : AbstractValidator<ListUserChanges>
{
    public ListUserChangesValidator()
    {
        RuleFor(query => query.Limit).InclusiveBetween(1, ListChanges.MaxLimit)
            .WithErrorCode("limit.outOfRange").WithMessage($"The limit must be between 1 and {ListChanges.MaxLimit}.");
        RuleFor(query => query.Cursor).Must(cursor => cursor is null || ChangeCursor.TryDecode(cursor, out _))
            .WithErrorCode("cursor.invalid").WithMessage("The cursor must be the `next` of a page of the same user.");
    }
}

internal sealed class ListUserChangesHandler(IReplica replica) : IQueryHandler<ListUserChanges, UserChangePage>
{
    public async Task<Result<UserChangePage>> Handle(ListUserChanges request, CancellationToken cancellationToken)
    {
        var before = ChangeCursor.TryDecode(request.Cursor ?? "", out var cursor) ? cursor.Value.Id : long.MaxValue;
        var (changes, exists) = await replica.ReadAsync(
            async db => (
                await db.Changes.Of(request.UserId).Where(change => change.Id < before)
                    .OrderByDescending(change => change.Id).Take(request.Limit + 1).ToListAsync(cancellationToken),
                await db.Users.AnyAsync(user => user.Id == request.UserId, cancellationToken)),
            cancellationToken, isFresh: true);
        if (changes.Count == 0 && !exists && request.Cursor is null)
            return Error.NotFound;

        var items = changes.Take(request.Limit).Select(ChangeDto.Of).ToList();
        return new UserChangePage(items, changes.Count > items.Count ? ChangeCursor.Of(items[^1]).Encode() : null);
    }
}
