using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.ApiKeys;

/// <summary>Lists all API keys, revoked and expired ones included, the oldest first.</summary>
[NothingToValidate("it has no input")]
public sealed record ListApiKeys : IQuery<IReadOnlyList<ApiKey>>;

internal sealed class ListApiKeysHandler(IApiKeyStore keys) : IQueryHandler<ListApiKeys, IReadOnlyList<ApiKey>>
{
    public async Task<Result<IReadOnlyList<ApiKey>>> Handle(ListApiKeys request, CancellationToken cancellationToken) =>
        new(await keys.ListAsync(cancellationToken));
}
