using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>A command in the command queue: its work, and the task that completes with its result.</summary>
internal abstract class QueuedCommand(Saves saves)
{
    /// <summary>Whether the command shares its transaction with no other.</summary>
    public bool IsAlone => saves == Saves.Many;

    /// <summary>The exception that the command threw, if any.</summary>
    public Exception? Exception { get; protected set; }

    /// <summary>Runs the command. Returns <c>false</c> if its changes must be rolled back.</summary>
    public abstract Task<bool> RunAsync();

    /// <summary>Completes the task with the result of the command. To be called after its group was committed.</summary>
    public abstract void Complete();

    /// <summary>Fails the task. To be called after its group was rolled back.</summary>
    public abstract void Fail(Exception exception);
}

/// <inheritdoc cref="QueuedCommand"/>
internal sealed class QueuedCommand<TResult>(Func<Task<TResult>> work, Saves saves, CancellationToken cancellationToken)
    : QueuedCommand(saves)
    where TResult : IResult<TResult>
{
    // Continuations run asynchronously, so that the writer never executes the code of a waiter.
    private readonly TaskCompletionSource<TResult> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult? _result;

    public Task<TResult> Completion => _outcome.Task;

    public override async Task<bool> RunAsync()
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            _result = await work();
            return _result is { Error: null, IsDiscarded: false };
        }
        catch (Exception e)
        {
            Exception = e;
            return false;
        }
    }

    public override void Complete()
    {
        if (Exception is null)
            _outcome.SetResult(_result!);
        else
            Fail(Exception);
    }

    public override void Fail(Exception exception)
    {
        if (exception is OperationCanceledException)
            _outcome.SetCanceled(cancellationToken);
        else
            _outcome.SetException(exception);
    }
}
