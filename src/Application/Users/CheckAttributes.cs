using System.Runtime.CompilerServices;
using System.Text.Json;
using UserCqrs.Application.Attributes;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>
/// Checks the stored attributes of all users, in id order and constant memory: they may be older than the schema. Writes check
/// only what they write.
/// </summary>
[NothingToValidate("it has no input")]
public sealed record CheckAttributes : IQuery<IAsyncEnumerable<CheckedAttributes>>;

/// <summary>The attributes of one user, checked.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="Violations">What is wrong with them; empty if nothing is.</param>
public sealed record CheckedAttributes(long UserId, IReadOnlyList<Violation> Violations);

internal sealed class CheckAttributesHandler(IReplica replica, AttributesSchema schema)
    : IQueryHandler<CheckAttributes, IAsyncEnumerable<CheckedAttributes>>
{
    public Task<Result<IAsyncEnumerable<CheckedAttributes>>> Handle(
        CheckAttributes request, CancellationToken cancellationToken) =>
        Task.FromResult(new Result<IAsyncEnumerable<CheckedAttributes>>(CheckAsync(cancellationToken)));

    private async IAsyncEnumerable<CheckedAttributes> CheckAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var user in replica.StreamUsersAsync(UserFilter.None, cancellationToken))
            yield return new(user.Id, Check(user.Attributes));
    }

    private IReadOnlyList<Violation> Check(string attributes)
    {
        try
        {
            return schema.CheckAll(attributes);
        }
        catch (JsonException) // another program has written to the database
        {
            return [new("attributes.type", "The attributes are not a JSON object.")];
        }
    }
}
