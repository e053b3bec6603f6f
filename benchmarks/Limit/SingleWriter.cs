namespace UserCqrs.Limit;

/// <summary>One commit for each user, one after the other.</summary>
internal sealed class SingleWriter(string file) : IWriter
{
    private readonly Insert _insert = new(file);
    private readonly SemaphoreSlim _gate = new(1);

    public async Task<User> AddAsync(string name, string email)
    {
        await _gate.WaitAsync();
        try
        {
            return _insert.Add(name, email);
        }
        finally
        {
            _gate.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        _gate.Dispose();
        _insert.Dispose();
        return ValueTask.CompletedTask;
    }
}
