using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;

namespace UserCqrs.Application.Users;

/// <summary>All users in id order, however many, in constant memory.</summary>
[NothingToValidate("nothing is asked but everything")]
public sealed record StreamUsers : IQuery<IAsyncEnumerable<UserDto>>;

/// <summary>
/// Reads in batches, each of a read transaction of its own that ends before the consumer sees the first of it: a slow
/// consumer holds up neither a checkpoint nor another reader.
/// </summary>
internal sealed class StreamUsersHandler(IDbContextFactory<ReplicaContext> replicas)
    : IQueryHandler<StreamUsers, IAsyncEnumerable<UserDto>>
{
    internal const int BatchSize = 500;

    public Task<Result<IAsyncEnumerable<UserDto>>> Handle(StreamUsers request, CancellationToken cancellationToken) =>
        Task.FromResult(new Result<IAsyncEnumerable<UserDto>>(ReadAsync(cancellationToken)));

    private async IAsyncEnumerable<UserDto> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<UserDto> batch;
        var last = 0L;
        do
        {
            batch = await replicas.ReadAsync(
                db => CompiledUsers.AfterId.For(db)(db, last, BatchSize).ToListAsync(cancellationToken).AsTask(), cancellationToken);
            foreach (var user in batch)
                yield return user;
            last = batch.Count == 0 ? last : batch[^1].Id;
        }
        while (batch.Count == BatchSize);
    }
}
