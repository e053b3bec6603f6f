using UserCqrs.Application.Common;

namespace UserCqrs.Application.Changes;

/// <summary>
/// Removes what the search index still has of erased users, a limited part at once. Returns whether there is more to do.
/// </summary>
[NothingToValidate("only the service itself sends it")]
public sealed record PurgeSearch : ICommand<bool>;

internal sealed class PurgeSearchHandler(WriteContext db) : ICommandHandler<PurgeSearch, bool>
{
    public async Task<Result<bool>> Handle(PurgeSearch request, CancellationToken cancellationToken) =>
        await db.PurgeSearchAsync(cancellationToken);
}
