using System.Linq.Expressions;
using System.Reflection;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>
/// A search for words. A user is found if each word occurs in the name, the e-mail address or the external id, folded as
/// <see cref="SearchText"/> does. The users found have three ranks, the best first; within a rank they are sorted by id.
/// </summary>
/// <remarks>
/// Each rank asks for parts that must occur in the <see cref="User.SearchText"/>: the whole line (rank 0), the words with the
/// mark of a word's start (rank 1), or the words alone (rank 2). A user of a rank satisfies the ranks after it too.
/// </remarks>
internal sealed class UserSearch
{
    /// <summary>The largest number of words.</summary>
    public const int MaxWords = 8;

    /// <summary>The maximum length of the text in Unicode scalar values.</summary>
    public const int MaxLength = 200;

    /// <summary>The last rank, which all users that are found satisfy.</summary>
    public const int LastRank = 2;

    private static readonly MethodInfo Contains = typeof(string).GetMethod(nameof(string.Contains), [typeof(string)])!;

    private readonly string[][] _parts;

    public UserSearch(string query)
    {
        var words = SearchText.WordsOf(query);
        _parts = [[SearchText.WholeLine(query)], [.. words.Select(word => SearchText.WordMark + word)], words];
    }

    /// <summary>Finds the rule that a text to search for breaks; <c>null</c> if there is none.</summary>
    public static Violation? Check(string query) =>
        Text.IsLonger(query, MaxLength) ? new("q.tooLong", $"Search for at most {MaxLength} characters.")
        : !Text.IsInterchangeable(query) || query.Any(character => char.IsControl(character) && !char.IsWhiteSpace(character))
            ? new("q.malformed",
                "The text must not contain control characters, noncharacters (U+FFFE …) or half of a surrogate pair.")
        : SearchText.WordsOf(query).Length switch
        {
            0 => new("q.empty", "Search for at least one visible character."),
            > MaxWords => new("q.tooManyWords", $"Search for at most {MaxWords} words."),
            _ => null,
        };

    /// <summary>
    /// The terms that the text of each user of this rank, or of an earlier one, has. Empty if an index is no help.
    /// </summary>
    public IReadOnlyList<SearchTerm> Terms(int rank) => SearchTerm.Of(_parts[rank]);

    /// <summary>The users that satisfy this rank.</summary>
    public IQueryable<User> Found(IQueryable<User> users, int rank) => users.Where(Satisfies(rank));

    /// <summary>The users that satisfy this rank and none before it.</summary>
    public IQueryable<User> Ranked(IQueryable<User> users, int rank)
    {
        var found = Found(users, rank);
        if (rank == 0)
            return found;
        var better = Satisfies(rank - 1);
        return found.Where(Expression.Lambda<Func<User, bool>>(Expression.Not(better.Body), better.Parameters));
    }

    /// <summary>The rank of a user that was found.</summary>
    public int RankOf(string searchText) =>
        Array.FindIndex(_parts, parts => Array.TrueForAll(parts, part => searchText.Contains(part, StringComparison.Ordinal)));

    private Expression<Func<User, bool>> Satisfies(int rank)
    {
        var user = Expression.Parameter(typeof(User), "user");
        var text = Expression.Property(user, nameof(User.SearchText));
        return Expression.Lambda<Func<User, bool>>(
            _parts[rank].Select(part => (Expression)Expression.Call(text, Contains, ParameterFor(part)))
                .Aggregate(Expression.AndAlso), user);
    }

    // EF Core sends a member of an object as a parameter, but would write a constant into the SQL.
    private static MemberExpression ParameterFor(string part) =>
        Expression.Property(Expression.Constant(new { Part = part }), "Part");
}
