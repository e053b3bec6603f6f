using System.Globalization;
using System.Text;
using Bogus;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.Demo;

/// <summary>
/// Invents people of many countries: names in the scripts of their languages, some of them shared by many; addresses that belong
/// to nobody (RFC 2606); and attributes. The same seed invents the same people.
/// </summary>
internal sealed class DemoPeople
{
    private const int NamesPerLocale = 400;

    // Bogus has no names in these scripts.
    private static readonly (string[] First, string[] Last)[] OwnLists =
    [
        (["สมชาย", "สมหญิง", "ณัฐพล", "กนกวรรณ", "ธนพล", "พิมพ์ชนก"], ["ใจดี", "ศรีสุข", "แสงทอง", "วงศ์สวัสดิ์", "ทองคำ"]),
        (["आरव", "प्रिया", "अर्जुन", "दीपिका", "रोहन", "कविता"], ["शर्मा", "वर्मा", "गुप्ता", "सिंह", "पटेल"]),
        (["דוד", "שרה", "יוסף", "רחל", "משה", "לאה"], ["כהן", "לוי", "מזרחי", "פרץ", "ביטון"]),
        (["김", "이", "박", "최"], ["민준", "서연", "도윤", "지우", "하은"]),
        (["Siobhán", "Zoë", "Renée", "Ægir", "Þóra", "Łucja"],
            ["O’Connor", "D’Angelo", "Ó Briain", "Strauß", "Sørensen", "Đorđević"]),
    ];

    // Roughly by how likely they are among the users of an international service.
    private static readonly string[] Locales =
    [
        "en", "en", "en", "en_GB", "de", "de", "fr", "es", "it", "pt_BR", "nl", "pl", "cz", "sv", "nb_NO", "fi", "tr", "vi", "hr",
        "ro", "ru", "uk", "el", "ar", "fa", "zh_CN", "zh_TW", "ja", "ko",
    ];

    private static readonly string[] Domains =
        ["mail.example", "post.example.org", "example.com", "firma.example", "bücher.example", "uni.example.net", "例え.example"];

    private static readonly float[] DomainWeights = [0.5f, 0.2f, 0.1f, 0.1f, 0.04f, 0.05f, 0.01f];

    private static readonly string[] Plans = ["free", "pro", "enterprise"];
    private static readonly float[] PlanWeights = [0.8f, 0.18f, 0.02f];

    private static readonly string[] Cities =
        ["Bern", "Zürich", "Berlin", "København", "São Paulo", "Łódź", "東京", "London", "New York", "Αθήνα", "Москва", "İzmir"];

    private static readonly DateTimeOffset Start = new(2021, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Randomizer _random;
    private readonly (string[] First, string[] Last)[] _names;

    public DemoPeople(int seed)
    {
        _random = new(seed);
        _names = [.. Locales.Select(NamesOf), .. OwnLists];
    }

    /// <summary>Invents the next person, who is the given one by number.</summary>
    public User Next(long number)
    {
        var (first, last) = _random.ArrayElement(_names);
        var (given, family) = (Common(first), Common(last));
        var created = Start.AddSeconds(number * 15 + _random.Int(0, 10));
        var user = User.Create(
            new()
            {
                Name = UserName.Parse($"{given} {family}"),
                Email = EmailAddress.Parse(
                    $"{LocalPart(given, family)}{number}@{_random.WeightedRandom(Domains, DomainWeights)}"),
                ExternalId = _random.Bool(0.6f)
                    ? ExternalId.Parse(string.Create(CultureInfo.InvariantCulture, $"hr-{number:D8}"))
                    : (ExternalId?)null,
                Active = !_random.Bool(0.02f),
                Attributes = UserAttributes.Parse(Attributes()),
            },
            created);
        if (_random.Bool(0.3f))
            user.Change(new() { Active = user.Active && !_random.Bool(0.01f) }, created.AddDays(_random.Int(1, 300)));
        return user;
    }

    private (string[] First, string[] Last) NamesOf(string locale)
    {
        var names = new Bogus.DataSets.Name(locale) { Random = _random };
        return ([.. Distinct(() => names.FirstName())], [.. Distinct(() => names.LastName())]);
    }

    private static IEnumerable<string> Distinct(Func<string> next) =>
        Enumerable.Range(0, 4 * NamesPerLocale).Select(_ => next()).Where(name => name.Length > 0)
            .Distinct().Take(NamesPerLocale);

    // Some names are common and most are rare: the square of a random number prefers the beginning of the list.
    private string Common(string[] names) => names[(int)(Math.Pow(_random.Double(), 2) * names.Length)];

    private static string LocalPart(string given, string family)
    {
        var folded = new StringBuilder();
        foreach (var word in SearchText.WordsOf($"{given} {family}"))
        {
            foreach (var character in word.Where(char.IsAsciiLetterOrDigit))
                folded.Append(folded.Length < 40 ? character : null);
            if (folded.Length > 0 && folded[^1] != '.')
                folded.Append('.');
        }

        return folded.Length == 0 ? "user." : folded.ToString();
    }

    private string Attributes()
    {
        if (_random.Bool(0.2f))
            return "{}";
        var (plan, level) = (_random.WeightedRandom(Plans, PlanWeights), _random.Int(1, 50));
        var (newsletter, city) = (_random.Bool() ? "true" : "false", _random.ArrayElement(Cities));
        return string.Create(CultureInfo.InvariantCulture, $$$"""
            {"plan":"{{{plan}}}","level":{{{level}}},"newsletter":{{{newsletter}}},"address":{"city":"{{{city}}}"}}
            """);
    }
}
