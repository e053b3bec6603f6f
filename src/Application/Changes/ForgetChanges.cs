using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;

namespace UserCqrs.Application.Changes;

/// <summary>
/// Removes changes that are older than this, a limited number at once, from the beginning of the log. The newest of them stays,
/// without data, because a reader that has got so far has missed nothing. Returns how many were removed.
/// </summary>
/// <param name="Before">The time.</param>
/// <param name="Count">The maximum number.</param>
[NothingToValidate("only the service itself sends it")]
public sealed record ForgetChanges(DateTimeOffset Before, int Count) : ICommand<int>;

internal sealed class ForgetChangesHandler(WriteContext db) : ICommandHandler<ForgetChanges, int>
{
    public async Task<Result<int>> Handle(ForgetChanges request, CancellationToken cancellationToken)
    {
        var oldest = await db.Changes.OrderBy(change => change.Id).Take(request.Count + 1)
            .Select(change => new { change.Id, change.At }).ToListAsync(cancellationToken);
        var old = oldest.TakeWhile(change => change.At < request.Before).Select(change => change.Id).ToList();
        if (old.Count == 0)
            return 0;
        var last = old[^1];
        var newest = await db.Changes.FirstAsync(change => change.Id == last, cancellationToken);
        if (!newest.IsErased)
        {
            newest.Erase();
            await db.SaveChangesAsync(cancellationToken);
        }

        return await db.Changes.Where(change => change.Id < last).ExecuteDeleteAsync(cancellationToken);
    }
}
