namespace UserCqrs.Application.Common;

/// <summary>
/// Forgets idempotency keys that are older than <see cref="IdempotencyKey.Lifetime"/>, a limited number at once.
/// </summary>
/// <param name="Count">The maximum number.</param>
[NothingToValidate("only the service itself sends it")]
public sealed record ForgetIdempotencyKeys(int Count) : ICommand<int>;

internal sealed class ForgetIdempotencyKeysHandler(IIdempotencyKeys keys) : ICommandHandler<ForgetIdempotencyKeys, int>
{
    public async Task<Result<int>> Handle(ForgetIdempotencyKeys request, CancellationToken cancellationToken) =>
        await keys.ForgetExpiredAsync(request.Count, cancellationToken);
}
