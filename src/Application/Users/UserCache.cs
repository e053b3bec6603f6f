namespace UserCqrs.Application.Users;

/// <summary>
/// Users by id, in memory, and never older than the database. That is possible where one process owns the database and one
/// writer commits: what a transaction changed is dropped before its COMMIT, and nothing is taken in that was read before
/// or during one. A reader that has seen a commit can therefore not be followed by one that has not.
/// </summary>
/// <remarks>One slot for each user, picked by id: ids ascend, so neighbours never compete, and a look-up takes no lock.</remarks>
/// <param name="maxBytes">The most memory for users, in octets; 0 turns the cache off.</param>
public sealed class UserCache(long maxBytes)
{
    // What a user of average length takes with its objects; longer ones make the hand turn.
    private const int TypicalSize = 256;
    private const int SizeOfEmptyUser = 160;

    private readonly UserDto?[] _slots = new UserDto?[maxBytes / TypicalSize];
    private readonly Lock _lock = new();
    private long _bytes;
    private int _hand;
    private long _epoch; // odd while a COMMIT is under way

    /// <summary>The user, if it is here.</summary>
    public UserDto? Find(long id) =>
        _slots.Length > 0 && Volatile.Read(ref _slots[SlotOf(id)]) is { } user && user.Id == id ? user : null;

    /// <summary>To be asked before the database is, and given to <see cref="Fill"/>.</summary>
    public long StartReading() => Volatile.Read(ref _epoch);

    /// <summary>Takes in what was read, unless there has been a commit since <see cref="StartReading"/>.</summary>
    public void Fill(UserDto user, long startedReading)
    {
        if (_slots.Length == 0)
            return;
        lock (_lock)
        {
            if (_epoch != startedReading || startedReading % 2 != 0)
                return;
            Put(SlotOf(user.Id), user);
            while (_bytes > maxBytes)
            {
                _hand = (_hand + 1) % _slots.Length;
                Put(_hand, null);
            }
        }
    }

    /// <summary>Drops what is about to be committed; nothing is taken in until <see cref="EndCommit"/>.</summary>
    public void BeginCommit(IReadOnlyCollection<long> changedIds)
    {
        if (_slots.Length == 0)
            return;
        lock (_lock)
        {
            _epoch++;
            foreach (var id in changedIds)
            {
                if (_slots[SlotOf(id)]?.Id == id)
                    Put(SlotOf(id), null);
            }
        }
    }

    /// <summary>The COMMIT is over, however it ended.</summary>
    public void EndCommit()
    {
        if (_slots.Length == 0)
            return;
        lock (_lock)
            _epoch++;
    }

    private int SlotOf(long id) => (int)((ulong)id % (ulong)_slots.Length);

    private void Put(int slot, UserDto? user)
    {
        _bytes += SizeOf(user) - SizeOf(_slots[slot]);
        Volatile.Write(ref _slots[slot], user);
    }

    private static long SizeOf(UserDto? user) =>
        user is null ? 0 : SizeOfEmptyUser + sizeof(char) * user.TextLength;
}
