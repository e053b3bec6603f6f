using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>A command's turn at the writer: what it does, how that ended, and who waits for the answer.</summary>
internal abstract class Turn
{
    /// <summary>What the command threw, if it did.</summary>
    public Exception? Exception { get; protected set; }

    /// <summary>Runs the command. <c>false</c>: what it did must not be kept.</summary>
    public abstract Task<bool> RunAsync();

    /// <summary>Its group is durable: answers what the command answered.</summary>
    public abstract void Complete();

    /// <summary>Its group was not kept.</summary>
    public abstract void Fail(Exception exception);
}

/// <inheritdoc cref="Turn"/>
internal sealed class Turn<TResult>(Func<Task<TResult>> work, CancellationToken cancellationToken) : Turn
    where TResult : IResult<TResult>
{
    // The writer must not run on in the code of whoever waits.
    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult? _result;

    public Task<TResult> Answer => _answer.Task;

    public override async Task<bool> RunAsync()
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            _result = await work();
            return _result.Error is null;
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
            _answer.SetResult(_result!);
        else
            Fail(Exception);
    }

    public override void Fail(Exception exception)
    {
        if (exception is OperationCanceledException)
            _answer.SetCanceled(cancellationToken);
        else
            _answer.SetException(exception);
    }
}
