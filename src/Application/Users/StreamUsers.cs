using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;

namespace UserCqrs.Application.Users;

/// <summary>Reads all users in id order, in constant memory.</summary>
[NothingToValidate("it has no input")]
public sealed record StreamUsers : IQuery<IAsyncEnumerable<UserDto>>;

internal sealed class StreamUsersHandler(IReplica replica) : IQueryHandler<StreamUsers, IAsyncEnumerable<UserDto>>
{
    public Task<Result<IAsyncEnumerable<UserDto>>> Handle(StreamUsers request, CancellationToken cancellationToken) =>
        Task.FromResult(new Result<IAsyncEnumerable<UserDto>>(replica.StreamUsersAsync(cancellationToken)));
}

/// <summary>The reading that <see cref="StreamUsers"/> and <see cref="CheckAttributes"/> have in common.</summary>
internal static class UserStream
{
    internal const int BatchSize = 500;

    /// <summary>
    /// Reads in batches, each in a read transaction of its own, which ends before the first user of the batch is returned. A slow
    /// consumer therefore delays neither a checkpoint nor other readers.
    /// </summary>
    public static async IAsyncEnumerable<UserDto> StreamUsersAsync(
        this IReplica replica, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<UserDto> batch;
        var last = 0L;
        do
        {
            batch = await replica.ReadAsync(
                db => CompiledUsers.AfterId.For(db)(db, last, BatchSize).ToListAsync(cancellationToken).AsTask(),
                cancellationToken);
            foreach (var user in batch)
                yield return user;
            last = batch.Count == 0 ? last : batch[^1].Id;
        }
        while (batch.Count == BatchSize);
    }
}
