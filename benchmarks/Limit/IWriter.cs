namespace UserCqrs.Limit;

/// <summary>Answers when the user is on the disk.</summary>
internal interface IWriter : IAsyncDisposable
{
    Task<User> AddAsync(string name, string email);
}
