using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace UserCqrs.Application.Common;

/// <summary>
/// A command that a caller can send again without repeating its effect, as the draft "The Idempotency-Key HTTP Header Field" of
/// the IETF describes.
/// </summary>
public interface IIdempotentCommand : ICommand
{
    /// <summary>The key; <c>null</c> if the caller gave none.</summary>
    IdempotencyKey? Idempotency { get; }

    Saves ICommand.Saves => Idempotency is null ? Saves.Once : Saves.Several;
}

/// <summary>The key by which a caller marks a request that it may send again.</summary>
/// <param name="Value">1 to <see cref="MaxLength"/> visible ASCII characters.</param>
/// <param name="Fingerprint">A hash of the request, by which another request with the same key is noticed.</param>
public sealed record IdempotencyKey(string Value, string Fingerprint)
{
    /// <summary>The maximum length of a key.</summary>
    public const int MaxLength = 255;

    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>Whether a text can be a key.</summary>
    public static bool IsValid(string text) =>
        text.Length is >= 1 and <= MaxLength && text.All(character => character is > ' ' and <= '~');
}

/// <summary>The port that remembers which requests were executed, in the transaction of the command.</summary>
public interface IIdempotencyKeys
{
    /// <summary>
    /// Claims a key for a caller. If a command with the same key is running, waits a moment for its end. A key that was claimed
    /// longer ago than <see cref="IdempotencyKey.Lifetime"/> is free.
    /// </summary>
    /// <returns>What is remembered of the request that has claimed the key before; <c>null</c> if it was free.</returns>
    /// <exception cref="IdempotencyKeyInUseException">The other command is still running.</exception>
    Task<RememberedRequest?> ClaimAsync(string caller, IdempotencyKey key, CancellationToken cancellationToken);

    /// <summary>Keeps the result of the command that has claimed a key.</summary>
    Task KeepAsync(string caller, IdempotencyKey key, string result, CancellationToken cancellationToken);

    /// <summary>Forgets the requests that created this user: their results have its data.</summary>
    Task ForgetAsync(long userId, CancellationToken cancellationToken);

    /// <summary>Forgets expired keys, at most this number. Returns how many were forgotten.</summary>
    Task<int> ForgetExpiredAsync(int count, CancellationToken cancellationToken);
}

/// <summary>What is remembered of a request that was executed.</summary>
/// <param name="Fingerprint">See <see cref="IdempotencyKey.Fingerprint"/>.</param>
/// <param name="Result">The value of its result, as JSON.</param>
public sealed record RememberedRequest(string Fingerprint, string Result);

/// <summary>A command with the same key is running.</summary>
public sealed class IdempotencyKeyInUseException(Exception innerException)
    : Exception("A command with the same key is running.", innerException);

/// <summary>
/// Executes each command once for each key, and returns the same result when it is sent again. Results are kept in the
/// transaction of the command; errors are not kept, so the command can be tried again.
/// </summary>
internal sealed class IdempotencyBehavior<TCommand, TResult>(ICurrentCaller caller, IServiceProvider services)
    : IPipelineBehavior<TCommand, TResult>
    where TCommand : IIdempotentCommand, IRequest<TResult>
    where TResult : IResult<TResult>
{
    public async Task<TResult> Handle(TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        if (request.Idempotency is not { } key)
            return await next();

        var keys = services.GetRequiredService<IIdempotencyKeys>(); // not injected: it exists only inside the transaction
        var owner = caller.Id ?? "";
        try
        {
            if (await keys.ClaimAsync(owner, key, cancellationToken) is { } earlier)
                return earlier.Fingerprint == key.Fingerprint
                    ? TResult.Replayed(earlier.Result)
                    : TResult.Failed(Error.IdempotencyKeyReused);
        }
        catch (IdempotencyKeyInUseException)
        {
            return TResult.Failed(Error.IdempotencyKeyInUse);
        }

        var result = await next();
        if (result.Error is null)
            await keys.KeepAsync(owner, key, result.ToJson(), cancellationToken);
        return result;
    }
}
