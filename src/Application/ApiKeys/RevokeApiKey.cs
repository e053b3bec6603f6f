using UserCqrs.Application.Common;

namespace UserCqrs.Application.ApiKeys;

/// <summary>
/// Revokes an API key permanently, for every instance. Fails with <see cref="ErrorKind.NotFound"/> if no key has the id.
/// </summary>
/// <param name="Id">The key's id.</param>
[NothingToValidate("every id is valid input; the handler reports one that no key has")]
public sealed record RevokeApiKey(string Id) : ICommand<string>;

internal sealed class RevokeApiKeyHandler(IApiKeyStore keys, TimeProvider clock) : ICommandHandler<RevokeApiKey, string>
{
    public async Task<Result<string>> Handle(RevokeApiKey request, CancellationToken cancellationToken) =>
        await keys.RevokeAsync(request.Id, clock.GetUtcNow(), cancellationToken) ? request.Id : Error.NotFound;
}
