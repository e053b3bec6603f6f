using System.Runtime.CompilerServices;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;

namespace UserCqrs.Application.Users;

/// <summary>Reads all users that match a filter, in id order and in constant memory.</summary>
/// <param name="Filter">Which users to read.</param>
public sealed record StreamUsers(UserFilter Filter) : IQuery<IAsyncEnumerable<UserDto>>
{
    /// <inheritdoc/>
    public IReadOnlyList<InputError> Unreadable { get; init; } = [];
}

internal sealed class StreamUsersValidator : AbstractValidator<StreamUsers>
{
    public StreamUsersValidator(IndexedAttributes indexed) =>
        RuleFor(query => query.Filter).SetValidator(new UserFilterValidator(indexed));
}

internal sealed class StreamUsersHandler(IReplica replica) : IQueryHandler<StreamUsers, IAsyncEnumerable<UserDto>>
{
    public Task<Result<IAsyncEnumerable<UserDto>>> Handle(StreamUsers request, CancellationToken cancellationToken) =>
        Task.FromResult(new Result<IAsyncEnumerable<UserDto>>(replica.StreamUsersAsync(request.Filter, cancellationToken)));
}

/// <summary>The reading that <see cref="StreamUsers"/> and <see cref="CheckAttributes"/> have in common.</summary>
internal static class UserStream
{
    internal const int BatchSize = 1_000;

    /// <summary>
    /// Reads in batches, each in a read transaction of its own, which ends before the first user of the batch is returned. A slow
    /// consumer therefore delays neither a checkpoint nor other readers. While a batch is consumed, the next one is read.
    /// </summary>
    public static async IAsyncEnumerable<UserDto> StreamUsersAsync(
        this IReplica replica, UserFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reading = ReadAsync(after: null);
        while (true)
        {
            var batch = await reading;
            if (batch.Next is not null)
                reading = ReadAsync(batch.Next);
            foreach (var user in batch.Users)
                yield return user;
            if (batch.Next is null)
                break;
        }

        async Task<UserSlice> ReadAsync(UserCursor? after) => filter == UserFilter.None
            ? await replica.ReadAsync(
                async db => UserSlice.Of(
                    await CompiledUsers.AfterId.For(db)(db, after?.Id ?? 0, BatchSize + 1).ToListAsync(cancellationToken),
                    default, BatchSize),
                cancellationToken)
            : await replica.ReadAsync(db => FilterAsync(db, after, Patience.Short), cancellationToken)
                ?? (await replica.ReadLongAsync(db => FilterAsync(db, after, Patience.Long), cancellationToken))!;

        async Task<UserSlice?> FilterAsync(ReplicaContext db, UserCursor? after, Patience patience) =>
            await (await UserListPlan.ChooseAsync(db, filter, cancellationToken))
                .TakeAsync(default, after, BatchSize, patience, cancellationToken);
    }
}
