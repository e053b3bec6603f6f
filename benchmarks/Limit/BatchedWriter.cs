using System.Threading.Channels;

namespace UserCqrs.Limit;

/// <summary>One loop that takes what waits and commits it together.</summary>
internal sealed class BatchedWriter : IWriter
{
    private readonly Channel<Waiting> _queue = Channel.CreateUnbounded<Waiting>(new() { SingleReader = true });
    private readonly Task _running;

    public BatchedWriter(string file) => _running = Task.Run(() => RunAsync(file));

    public Task<User> AddAsync(string name, string email)
    {
        var waiting = new Waiting(name, email, new(TaskCreationOptions.RunContinuationsAsynchronously));
        _queue.Writer.TryWrite(waiting);
        return waiting.Answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.Complete();
        await _running;
    }

    private async Task RunAsync(string file)
    {
        using var insert = new Insert(file);
        using var begin = insert.Prepare("BEGIN IMMEDIATE");
        using var commit = insert.Prepare("COMMIT");
        var answers = new List<(Waiting Waiting, User User)>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            begin.ExecuteNonQuery();
            while (_queue.Reader.TryRead(out var waiting))
                answers.Add((waiting, insert.Add(waiting.Name, waiting.Email)));
            commit.ExecuteNonQuery();
            answers.ForEach(answer => answer.Waiting.Answer.SetResult(answer.User));
            answers.Clear();
        }
    }

    private sealed record Waiting(string Name, string Email, TaskCompletionSource<User> Answer);
}
