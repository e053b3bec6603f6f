using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using UserCqrs.Domain;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>What the query string of a list means to the model.</summary>
internal sealed partial record UserQuery
{
    private static readonly string[] Known =
    [
        "limit", "sort", "cursor", "email", "namePrefix", "createdAfter", "createdBefore", "updatedAfter", "updatedBefore", "id",
        "externalId", "active", "count", "q",
    ];

    private static readonly string[] Sorts = ["id", "name", "email", "createdAt", "updatedAt"];

    private string? _sort;
    private string? _search;
    private string[] _words = [];
    private DateTimeOffset? _updatedAfter;
    private DateTimeOffset? _updatedBefore;
    private string? _email;
    private string? _namePrefix;
    private DateTimeOffset? _after;
    private DateTimeOffset? _before;
    private long[]? _ids;
    private string? _externalId;
    private string? _active;

    public int Limit { get; private set; } = 50;

    public string? Cursor { get; private set; }

    public bool Count { get; private set; }

    /// <summary>The same for the same sort and filters.</summary>
    public string Binding => string.Join('|', _sort ?? "id", _search, _updatedAfter?.UtcTicks, _updatedBefore?.UtcTicks, _email, _namePrefix, _after?.UtcTicks, _before?.UtcTicks,
        _ids is null ? null : string.Join(',', _ids.Order()), _externalId, _active);

    /// <summary>The query, or <c>null</c> when a parameter is unknown, repeated or not readable.</summary>
    public static UserQuery? Read(Request request)
    {
        var parameters = RequestReader.Parameters(request);
        var query = new UserQuery();
        return parameters.DistinctBy(parameter => parameter.Name, StringComparer.OrdinalIgnoreCase).Count() == parameters.Count
            && parameters.All(parameter => Known.Contains(parameter.Name) && query.TryTake(parameter.Name, parameter.Value))
            && (query._search is null || query._sort is null)
            && RequestReader.IsUtf8(request)
            ? query
            : null;
    }

    public IEnumerable<ModelUser> Of(IEnumerable<ModelUser> users) => users
        .Where(user => _email is null || user.State.Key == EmailAddress.Parse(_email).Key)
        .Where(user => _namePrefix is null
            || user.State.Name.StartsWith(_namePrefix.Normalize(NormalizationForm.FormC).TrimStart(), StringComparison.Ordinal))
        .Where(user => _after is null || user.CreatedAt > _after)
        .Where(user => _before is null || user.CreatedAt < _before)
        .Where(user => _updatedAfter is null || user.UpdatedAt > _updatedAfter)
        .Where(user => _updatedBefore is null || user.UpdatedAt < _updatedBefore)
        .Where(user => _search is null || RankOf(user) < 3)
        .Where(user => _ids is null || _ids.Contains(user.Id))
        .Where(user => _externalId is null || user.State.ExternalId == _externalId)
        .Where(user => _active is null || user.State.Active == (_active == "true"))
        .Order(Comparer<ModelUser>.Create(Compare));

    /// <summary>Which of two users is listed first.</summary>
    public int Compare(ModelUser one, ModelUser other)
    {
        if (_search is not null)
            return (RankOf(one), one.Index).CompareTo((RankOf(other), other.Index));
        var sort = _sort ?? "id";
        var order = sort.TrimStart('-') switch
        {
            "name" => string.CompareOrdinal(CodePoints(one.State.Name), CodePoints(other.State.Name)),
            "email" => string.CompareOrdinal(one.State.Key, other.State.Key),
            "createdAt" => one.CreatedAt.CompareTo(other.CreatedAt),
            "updatedAt" => one.UpdatedAt.CompareTo(other.UpdatedAt),
            _ => 0,
        };
        order = order == 0 ? one.Index.CompareTo(other.Index) : order;
        return sort.StartsWith('-') ? -order : order;
    }

    private bool TryTake(string name, string value)
    {
        switch (name)
        {
            case "limit":
                Limit = int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit) ? limit : 0;
                return Limit is >= 1 and <= 200;
            case "sort":
                _sort = value;
                return Sorts.Contains(value.StartsWith('-') ? value[1..] : value);
            case "cursor":
                Cursor = value;
                return true;
            case "email":
                _email = value;
                return EmailAddress.TryParse(value, out _, out _);
            case "namePrefix":
                _namePrefix = value;
                return UserName.CanBeginWith(value);
            case "createdAfter":
                return (_after = TimeOrNull(value)) is not null;
            case "createdBefore":
                return (_before = TimeOrNull(value)) is not null;
            case "updatedAfter":
                return (_updatedAfter = TimeOrNull(value)) is not null;
            case "updatedBefore":
                return (_updatedBefore = TimeOrNull(value)) is not null;
            case "q":
                _search = value;
                _words = [.. Words(value)];
                return _words.Length is >= 1 and <= 8 && value.EnumerateRunes().Count() <= 200 && IsSearchable(value);
            case "id":
                var areIds = value.Split(',').All(id => Digits().IsMatch(id) && long.TryParse(id, out _));
                _ids = areIds ? [.. value.Split(',').Select(id => long.Parse(id, CultureInfo.InvariantCulture))] : [];
                return areIds && _ids.Length <= 200;
            case "externalId":
                _externalId = value;
                return UserFields.IsExternalId(value);
            case "active":
                _active = value;
                return value is "true" or "false";
            default:
                Count = value == "true";
                return value is "true" or "false";
        }
    }

    // 0 if one of the values is the text, 1 if each word starts a word, 2 if each is found, 3 if one is not. The folding is that of
    // the service, which has tests of its own; where words start is not.
    private int RankOf(ModelUser user)
    {
        string[] lines = [.. new[] { user.State.Name, user.State.Email, user.State.ExternalId }.OfType<string>().Select(line => string.Join(' ', Words(line)))];
        return lines.Contains(string.Join(' ', _words)) ? 0
            : _words.All(word => lines.Any(line => Starts(line, word))) ? 1
            : _words.All(word => lines.Any(line => line.Contains(word, StringComparison.Ordinal))) ? 2
            : 3;
    }

    private static bool Starts(string line, string word)
    {
        for (var at = line.IndexOf(word, StringComparison.Ordinal); at >= 0; at = line.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            if (at == 0 || line[at - 1] == ' ' || (!WordEnd().IsMatch(line[..at]) && WordStart().IsMatch(line[at..])))
                return true;
        }

        return false;
    }

    private static IEnumerable<string> Words(string text) => SearchText.WordsOf(text).Select(word => word.Replace("\u0001", ""));

    private static bool IsSearchable(string text) => !text.EnumerateRunes().Any(rune => rune.Value is 0xfffd
        || rune.Value is >= 0xfdd0 and <= 0xfdef || (rune.Value & 0xfffe) == 0xfffe || (Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune)));

    private static DateTimeOffset? TimeOrNull(string text) => Rfc3339().IsMatch(text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    private static string CodePoints(string text) => string.Concat(text.EnumerateRunes().Select(rune => $"{rune.Value:x6}"));

    [GeneratedRegex(@"[\p{L}\p{Nd}\p{M}]$")]
    private static partial Regex WordEnd();

    [GeneratedRegex(@"^[\p{L}\p{Nd}\p{M}]")]
    private static partial Regex WordStart();

    [GeneratedRegex("^[0-9]+$")]
    private static partial Regex Digits();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,7})?([Zz]|[+-]\d\d:\d\d)$")]
    private static partial Regex Rfc3339();
}
