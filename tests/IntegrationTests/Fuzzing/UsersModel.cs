using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UserCqrs.Domain;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>
/// The contract in memory: what docs/api.md says the service answers, written without the service. Only what a name and an
/// address are is the domain's own judgement, for Unicode and IDNA have to be the same library's anyway. The id of the n-th
/// user is n here.
/// </summary>
internal sealed partial class UsersModel
{
    private const int MaxBody = 64 * 1024;

    /// <summary>When every sequence begins.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 7, 0, 0, TimeSpan.Zero);

    private static readonly string[] ClosestFirst = ["application/json", "application/*", "*/*"];
    private static readonly Expected NoUser = Expected.Problem(404, "user-not-found");
    private static readonly Expected NoClassicUser = Classic(404, "User not found");

    private readonly List<User> _users = [];
    private (string Binding, User At)? _cursor;
    private string _nextPage = "/v1/users";

    public DateTimeOffset Now { get; private set; } = Start;

    /// <summary>Puts into the braces what the model knows, and leaves what each service knows for itself.</summary>
    public Request Settle(Request request)
    {
        Now = Now.AddMicroseconds(request.Later);
        return request.With(text => AboutUser().Replace(text, match =>
        {
            var index = _users.Count == 0 ? 0 : int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) % _users.Count;
            var user = _users.ElementAtOrDefault(index);
            return match.Groups[1].Value switch
            {
                "version" => $"{user?.Version ?? 1}",
                "created" => Text(user?.CreatedAt ?? Start),
                var id => $"{{{id} {index}}}",
            };
        }));
    }

    /// <summary>What the answer must be, and what has changed with it.</summary>
    public Expected Answer(Request request)
    {
        var target = request.Target == "{next page}" ? _nextPage : request.Target;
        request = request with { Target = AnyId().Replace(target, match => Id(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))) };
        var segments = request.Path.TrimEnd('/').Split('/')[1..].Select(Uri.UnescapeDataString).ToArray();
        return segments switch
        {
            ["v1", "users"] => Users(request),
            ["v1", "users", var text] when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var id) =>
                OneUser(request, id),
            ["user"] => ClassicUser(request),
            ["user", var text] => request.Method == "POST" ? ClassicUpdate(request, text) : Classic(405, "Method Not Allowed"),
            ["users"] => request.Method == "GET" ? new(200) { Body = new JsonArray([.. Living.Select(ClassicJson)]) } : Classic(405, "Method Not Allowed"),
            ["user" or "users", ..] => Classic(404, "Not Found"),
            _ => Expected.Problem(404, "no-such-route"),
        };
    }

    private IEnumerable<User> Living => _users.Where(user => !user.IsGone);

    private static string Id(int index) => $"{index + 1}";

    private User? Find(long id) => Living.FirstOrDefault(user => user.Index + 1 == id);

    private bool IsTaken(string email, User? but) => Living.Any(user => user != but && user.Key == EmailAddress.Parse(email).Key);

    private Expected Users(Request request)
    {
        if (request.Method is not ("GET" or "HEAD" or "POST"))
            return Expected.Problem(405, "method-not-allowed");
        if (!AcceptsJson(request))
            return Expected.Problem(406, "not-acceptable");
        if (request.Method != "POST")
            return List(request);

        var (name, email, refusal) = ReadFields(request, "application/json", areRequired: true);
        return refusal ?? (IsTaken(email!, null) ? Expected.Problem(409, "email-taken")
            : Show(Create(name!, email!), 201, withLocation: true));
    }

    private Expected OneUser(Request request, long id)
    {
        if (request.Method is not ("GET" or "HEAD" or "PUT" or "PATCH" or "DELETE"))
            return Expected.Problem(405, "method-not-allowed");
        if (!AcceptsJson(request))
            return Expected.Problem(406, "not-acceptable");

        var (name, email, refusal) = request.Method switch
        {
            "PUT" => ReadFields(request, "application/json", areRequired: true),
            "PATCH" => ReadFields(request, "application/merge-patch+json", areRequired: false),
            _ => (null, null, RefuseParameters(request) ?? (request.Method == "DELETE" ? RefuseIfMatch(request) : null)),
        };
        if (refusal is not null)
            return refusal;
        if (Find(id) is not { } user)
            return NoUser;
        if (request.Method is "GET" or "HEAD")
            return Names(request.Header("If-None-Match"), user, isWeak: true) ? new(304) { ETag = user.ETag } : Show(user, 200);
        if (request.Method == "PUT" && request.Header("If-Match") is null)
            return Expected.Problem(428, "precondition-required");
        if (request.Header("If-Match") is { } tags && !Names(tags, user, isWeak: false))
            return Expected.Problem(412, "precondition-failed");
        if (request.Method == "DELETE")
        {
            user.IsGone = true;
            return new(204);
        }

        (name, email) = (name ?? user.Name, email ?? user.Email);
        if (IsTaken(email, user))
            return Expected.Problem(409, "email-taken");
        user.Change(name, email, Now);
        return Show(user, 200);
    }

    private Expected List(Request request)
    {
        if (UserQuery.Read(request) is not { } query)
            return Expected.Problem(400, "invalid-parameter");
        if (query.Cursor is not null && (query.Cursor != "{cursor}" || _cursor?.Binding != query.Binding))
            return Expected.Problem(400, "invalid-parameter");

        var matching = query.Of(Living).ToList();
        var behind = matching.Where(user => query.Cursor is null || query.Compare(user, _cursor!.Value.At) > 0).ToList();
        var page = new JsonObject { ["items"] = new JsonArray([.. behind.Take(query.Limit).Select(Json)]) };
        var hasNext = behind.Count > query.Limit;
        if (hasNext)
        {
            _cursor = (query.Binding, behind[query.Limit - 1].Copy());
            _nextPage = $"/v1/users?{string.Join('&', request.Query.Where(part => !part.StartsWith("cursor=", StringComparison.Ordinal)).Append("cursor={cursor}"))}";
            page["next"] = "{cursor}";
        }

        if (query.Count)
            page["total"] = matching.Count;
        return new(200) { Body = page, HasLink = hasNext };
    }

    private Expected ClassicUser(Request request)
    {
        if (request.Method == "POST")
        {
            var (name, email, refusal) = ReadClassicFields(request);
            return refusal ?? (IsTaken(email!, null) ? Classic(409, "Email already registered")
                : new(200) { Body = ClassicJson(Create(name!, email!)) });
        }

        if (request.Method is not ("GET" or "DELETE"))
            return Classic(405, "Method Not Allowed");
        if (ReadClassicId(Parameters(request).LastOrDefault(parameter => parameter.Name == "user_id").Value) is not { } id)
            return new(422);
        if (Find(id) is not { } user)
            return NoClassicUser;
        user.IsGone = request.Method == "DELETE";
        return user.IsGone ? Classic(200, "User deleted") : new(200) { Body = ClassicJson(user) };
    }

    private Expected ClassicUpdate(Request request, string text)
    {
        var (name, email, refusal) = ReadClassicFields(request);
        if (refusal is not null)
            return refusal;
        if (ReadClassicId(text) is not { } id)
            return new(422);
        if (Find(id) is not { } user)
            return NoClassicUser;
        if (IsTaken(email!, user))
            return Classic(409, "Email already registered");
        user.Change(name!, email!, Now);
        return new(200) { Body = ClassicJson(user) };
    }

    private User Create(string name, string email)
    {
        var user = new User(_users.Count, Now);
        user.Set(name, email);
        _users.Add(user);
        return user;
    }

    // As Python's int() reads it, near enough; 0 is nobody's.
    private static long? ReadClassicId(string? text) =>
        text is null || !Digits().IsMatch(text.Trim()) ? null : long.TryParse(text.Trim(), out var id) ? id : 0;

    private static (string? Name, string? Email, Expected? Refusal) ReadFields(Request request, string mediaType, bool areRequired)
    {
        if (!IsMediaType(request.Header("Content-Type"), mediaType) || request.Header("Content-Encoding") is not (null or "identity"))
            return (null, null, Expected.Problem(415, "unsupported-media-type"));
        if (request.Body?.Length > MaxBody)
            return (null, null, Expected.Problem(413, "payload-too-large"));
        if (RefuseParameters(request) is { } refusal)
            return (null, null, refusal);
        using var json = ParseOrNull(request.Body);
        if (json is null)
            return (null, null, Expected.Problem(400, "malformed-request"));
        if (RefuseIfMatch(request) is { } malformed && request.Method != "POST")
            return (null, null, malformed);

        var (name, email, areGood) = ReadMembers(json.RootElement, isStrict: true, areRequired);
        return areGood ? (name, email, null) : (null, null, Expected.Problem(422, "invalid-user"));
    }

    private static (string? Name, string? Email, Expected? Refusal) ReadClassicFields(Request request)
    {
        var isReadable = (request.Header("Content-Type") is not { } type || IsMediaType(type, "application/json"))
            && request.Header("Content-Encoding") is null or "identity";
        if (isReadable && request.Body?.Length > MaxBody)
            return (null, null, Classic(413, "Payload Too Large"));
        using var json = isReadable ? ParseOrNull(request.Body) : null;
        if (json is null)
            return (null, null, new(422));
        var (name, email, areGood) = ReadMembers(json.RootElement, isStrict: false, areRequired: true);
        return areGood ? (name, email, null) : (null, null, new(422));
    }

    private static (string? Name, string? Email, bool AreGood) ReadMembers(JsonElement json, bool isStrict, bool areRequired)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return (null, null, false);
        var members = json.EnumerateObject().Select(member => (Name: TextOrNull(() => member.Name), member.Value)).ToList();
        if (isStrict && (members.Any(member => member.Name is not ("name" or "email")) || members.DistinctBy(member => member.Name).Count() < members.Count))
            return (null, null, false);

        var areGood = true;
        var name = Read("name", text => UserName.TryParse(text, out var name, out _) ? name.Value : null);
        var email = Read("email", text => EmailAddress.TryParse(text, out var email, out _) ? email.Value : null);
        return (name, email, areGood);

        string? Read(string member, Func<string, string?> parse)
        {
            var value = members.LastOrDefault(candidate => candidate.Name == member).Value;
            if (value.ValueKind == JsonValueKind.Undefined)
            {
                areGood &= !areRequired;
                return null;
            }

            var text = value.ValueKind == JsonValueKind.String ? TextOrNull(() => value.GetString()!) : null;
            var read = text is null ? null : parse(text);
            areGood &= read is not null;
            return read;
        }
    }

    private static JsonDocument? ParseOrNull(byte[]? body)
    {
        try
        {
            return JsonDocument.Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body ?? []));
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static string? TextOrNull(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException) // half of a surrogate pair
        {
            return null;
        }
    }

    private static bool IsMediaType(string? text, string mediaType) => MediaTypeHeaderValue.TryParse(text, out var type)
        && string.Equals(type.MediaType, mediaType, StringComparison.OrdinalIgnoreCase)
        && (type.CharSet is null || type.CharSet.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static bool AcceptsJson(Request request)
    {
        var ranges = (request.Header("Accept") ?? "*/*").Split(',')
            .Select(text => MediaTypeWithQualityHeaderValue.TryParse(text.Trim(), out var range) ? range : null).ToList();
        if (ranges.Contains(null))
            return true; // what nobody can read is as good as absent
        var closest = ClosestFirst
            .Select(covering => ranges.Find(range => range!.MediaType == covering)).FirstOrDefault(range => range is not null);
        return closest is not null && closest.Quality is not 0;
    }

    private static Expected? RefuseParameters(Request request) =>
        Parameters(request).Count == 0 ? null : Expected.Problem(400, "invalid-parameter");

    private static Expected? RefuseIfMatch(Request request) =>
        request.Header("If-Match") is { } tags && !EntityTags().IsMatch(tags) ? Expected.Problem(400, "malformed-request") : null;

    private static bool Names(string? tags, User user, bool isWeak) => tags is not null && EntityTags().IsMatch(tags)
        && (tags == "*" || tags.Split(',').Select(tag => tag.Trim()).Any(tag => tag == user.ETag || (isWeak && tag == $"W/{user.ETag}")));

    internal static List<(string Name, string Value)> Parameters(Request request) =>
        [.. request.Query.Where(part => part != "").Select(part => part.Split('=', 2)).Select(pair => (Decode(pair[0]), pair.Length == 1 ? "" : Decode(pair[1])))];

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    internal static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static Expected Show(User user, int status, bool withLocation = false) => new(status)
    {
        ETag = user.ETag,
        Location = withLocation ? $"/v1/users/{{user {user.Index}}}" : null,
        Body = Json(user),
    };

    private static Expected Classic(int status, string detail) => new(status) { Body = new JsonObject { ["detail"] = detail } };

    private static JsonNode Json(User user) => new JsonObject
    {
        ["id"] = $"{{user {user.Index}}}",
        ["name"] = user.Name,
        ["email"] = user.Email,
        ["createdAt"] = Text(user.CreatedAt),
        ["updatedAt"] = Text(user.UpdatedAt),
    };

    private static JsonNode ClassicJson(User user) =>
        new JsonObject { ["id"] = $"{{user {user.Index}}}", ["name"] = user.Name, ["email"] = user.Email };

    [GeneratedRegex(@"\{(user|%user|version|created) (\d+)\}")]
    private static partial Regex AboutUser();

    [GeneratedRegex(@"\{%?user (\d+)\}")]
    private static partial Regex AnyId();

    [GeneratedRegex("""^(\*|(W/)?"[^"]*"(\s*,\s*(W/)?"[^"]*")*)$""")]
    private static partial Regex EntityTags();

    [GeneratedRegex("^[+-]?[0-9]+$")]
    private static partial Regex Digits();

    /// <summary>A user that was created, perhaps gone since.</summary>
    internal sealed class User(int index, DateTimeOffset createdAt)
    {
        public int Index => index;

        public string Name { get; private set; } = "";

        public string Email { get; private set; } = "";

        public string Key => EmailAddress.Parse(Email).Key;

        public DateTimeOffset CreatedAt { get; } = createdAt;

        public DateTimeOffset UpdatedAt { get; private set; } = createdAt;

        public long Version { get; private set; } = 1;

        public bool IsGone { get; set; }

        public string ETag => $"\"{Version}\"";

        public User Copy() => (User)MemberwiseClone();

        public void Set(string name, string email) => (Name, Email) = (name, email);

        public void Change(string name, string email, DateTimeOffset now)
        {
            if (name == Name && email == Email)
                return;
            Set(name, email);
            UpdatedAt = now > UpdatedAt ? now : UpdatedAt.AddMicroseconds(1);
            Version++;
        }
    }
}

/// <summary>An answer as far as the contract fixes it.</summary>
internal sealed record Expected(int Status)
{
    /// <summary>The last part of the problem's type.</summary>
    public string? Slug { get; init; }

    public string? ETag { get; init; }

    public string? Location { get; init; }

    public bool HasLink { get; init; }

    /// <summary>The body; <c>null</c> where its words are free.</summary>
    public JsonNode? Body { get; init; }

    public static Expected Problem(int status, string slug) => new(status) { Slug = slug };

    public override string ToString() => $"{Status} {Slug}{ETag} {Location} {Body?.ToJsonString()}";
}
