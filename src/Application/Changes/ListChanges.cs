using FluentValidation;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Changes;

/// <summary>
/// Reads a page of the log of changes, oldest first. A reader that follows <see cref="ChangePage.Next"/> misses no change, and
/// gets those of one user in order.
/// </summary>
/// <param name="After">
/// Where the page starts: <see cref="ChangePage.Next"/> of an earlier page. <c>null</c> is the oldest change that is kept,
/// <see cref="Now"/> the next one to come.
/// </param>
/// <param name="Limit">The largest number of changes on the page, 1 to <see cref="MaxLimit"/>.</param>
/// <param name="Wait">How many seconds to wait for a change if there is none, 0 to <see cref="MaxWait"/>.</param>
public sealed record ListChanges(string? After, int Limit = ListChanges.DefaultLimit, int Wait = 0) : IQuery<ChangePage>
{
    /// <summary>The value of <see cref="After"/> that starts with the next change.</summary>
    public const string Now = "now";

    /// <summary>The default page size.</summary>
    public const int DefaultLimit = 100;

    /// <summary>The largest page size.</summary>
    public const int MaxLimit = 1_000;

    /// <summary>The longest wait in seconds.</summary>
    public const int MaxWait = 60;

    /// <inheritdoc/>
    public IReadOnlyList<InputError> Unreadable { get; init; } = [];

    /// <summary>Ends the wait early, because the service stops.</summary>
    public CancellationToken Stop { get; init; }
}

/// <summary>A page of changes.</summary>
/// <param name="Items">The changes.</param>
/// <param name="Next">Where the next page starts. Also an empty page has one.</param>
/// <param name="More">Whether the next page has changes already.</param>
public sealed record ChangePage(IReadOnlyList<ChangeDto> Items, string Next, bool More);

internal sealed class ListChangesValidator : AbstractValidator<ListChanges>
{
    public ListChangesValidator()
    {
        RuleFor(query => query.Limit).InclusiveBetween(1, ListChanges.MaxLimit)
            .WithErrorCode("limit.outOfRange").WithMessage($"The limit must be between 1 and {ListChanges.MaxLimit}.");
        RuleFor(query => query.Wait).InclusiveBetween(0, ListChanges.MaxWait)
            .WithErrorCode("wait.outOfRange").WithMessage($"The wait must be between 0 and {ListChanges.MaxWait} seconds.");
        RuleFor(query => query.After).Must(after => after is null or ListChanges.Now || ChangeCursor.TryDecode(after, out _))
            .WithErrorCode("after.invalid").WithMessage("The parameter must be the `next` of an earlier page, or now.");
    }
}

internal sealed class ListChangesHandler(IReplica replica, IChangeHorizon horizon, ChangeTail tail, TimeProvider clock)
    : IQueryHandler<ListChanges, ChangePage>
{
    public async Task<Result<ChangePage>> Handle(ListChanges request, CancellationToken cancellationToken)
    {
        var complete = await horizon.ReadAsync(cancellationToken);
        if (request.After == ListChanges.Now)
            return new ChangePage([], (await NewestAsync(complete, cancellationToken)).Encode(), More: false);

        var after = request.After is null ? null : ChangeCursor.Decode(request.After);
        var seen = after is { IsBefore: true } oldest ? oldest.Id - 1 : after?.Id ?? 0;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(request.Wait), clock);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token, request.Stop);
        while (true)
        {
            var page = await ReadAsync(after, complete, request.Limit, cancellationToken);
            if (page.Error is not null || page.Value.Items.Count > 0 || waiting.IsCancellationRequested)
                return page;
            try
            {
                complete = await tail.WaitAsync(Math.Max(complete, seen), waiting.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return page;
            }
        }
    }

    private async Task<Result<ChangePage>> ReadAsync(
        ChangeCursor? after, long complete, int limit, CancellationToken cancellationToken)
    {
        var (first, last) = (after?.Id ?? 0, Math.Max(after?.Id ?? 0, complete)); // another instance may know of later ones
        var changes = await replica.ReadAsync(
            db => db.Changes.Where(change => change.Id >= first && change.Id <= last)
                .OrderBy(change => change.Id).Take(limit + 2).ToListAsync(cancellationToken),
            cancellationToken, isFresh: true);
        var found = changes.ConvertAll(ChangeDto.Of);
        if (after is { } start && !(found is [var entry, ..] && ChangeCursor.Of(entry, start.IsBefore) == start))
            return Error.Gone;

        var isAfter = after is { IsBefore: false };
        var newer = found.Where(change => change.Id <= complete && !(isAfter && change.Id == first)
            && change.Type != UserChangeType.Begun).ToList();
        var items = newer.Take(limit).ToList();
        var next = items.Count > 0 ? ChangeCursor.Of(items[^1]) : after ?? await NewestAsync(complete, cancellationToken);
        return new ChangePage(items, next.Encode(), More: newer.Count > items.Count);
    }

    // Soon after the start, this instance may not know yet that the log is complete up to any entry. It always has an oldest one.
    private async Task<ChangeCursor> NewestAsync(long complete, CancellationToken cancellationToken)
    {
        var newest = await replica.ReadAsync(
            async db => await db.Changes.Where(change => change.Id <= complete).OrderBy(change => change.Id)
                    .LastOrDefaultAsync(cancellationToken)
                ?? await db.Changes.OrderBy(change => change.Id).FirstAsync(cancellationToken),
            cancellationToken, isFresh: true);
        return ChangeCursor.Of(ChangeDto.Of(newest), isBefore: newest.Id > complete);
    }
}
