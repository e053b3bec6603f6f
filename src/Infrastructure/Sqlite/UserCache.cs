using UserCqrs.Application.Users;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>
/// Users by id, in memory, never older than the database. This requires that one process owns the database and that one writer
/// commits. The users that a transaction changed are removed before its COMMIT, and a user that was read before or during a
/// COMMIT is not added. After one read has seen a commit, no later read misses it.
/// </summary>
/// <remarks>The id selects the slot of a user. Neighbouring ids never share a slot, and a look-up takes no lock.</remarks>
/// <param name="maxBytes">The most memory that users may take, in octets; 0 turns the cache off.</param>
internal sealed class UserCache(long maxBytes)
{
    // The memory of a user of average length, with its objects. If users are longer, Fill evicts others to stay within maxBytes.
    private const int TypicalSize = 288;
    private const int SizeOfEmptyUser = 208;

    private readonly UserDto?[] _slots = new UserDto?[maxBytes / TypicalSize];
    private readonly Lock _lock = new();
    private long _bytes;
    private int _lastEvicted;
    private long _epoch; // odd during a COMMIT

    /// <summary>The user, if it is cached.</summary>
    public UserDto? Find(long id) =>
        _slots.Length > 0 && Volatile.Read(ref _slots[SlotOf(id)]) is { } user && user.Id == id ? user : null;

    /// <summary>Marks the start of a read from the database. Pass the value to <see cref="Fill"/>.</summary>
    public long StartReading() => Volatile.Read(ref _epoch);

    /// <summary>Adds a user that was read, unless a commit has happened since <see cref="StartReading"/>.</summary>
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
                _lastEvicted = (_lastEvicted + 1) % _slots.Length;
                Put(_lastEvicted, null);
            }
        }
    }

    /// <summary>Removes the users that are about to be committed. No user is added until <see cref="EndCommit"/>.</summary>
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

    /// <summary>To be called after the COMMIT, whether it succeeded or failed.</summary>
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
