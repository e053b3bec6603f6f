using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UserCqrs.Domain;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>
/// The contract in memory: the responses that docs/api.md promises, written without the service. Only what a name and an
/// address are is the domain's own judgement, for Unicode and IDNA have to be the same library's anyway. The id of the n-th
/// user is n here.
/// </summary>
internal sealed partial class UsersModel
{
    /// <summary>When every sequence begins.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 7, 0, 0, TimeSpan.Zero);

    private static readonly Expected NoUser = Expected.Problem(404, "user-not-found");
    private static readonly Expected NoClassicUser = Expected.Classic(404, "User not found");

    private static readonly Expected NoMethod = Expected.Classic(405, "Method Not Allowed");

    private readonly List<User> _users = [];
    private (string Binding, User At)? _cursor;
    private string _nextPage = "/v1/users";

    public DateTimeOffset Now { get; private set; } = Start;

    /// <summary>The id that the n-th user has in the model.</summary>
    public static long IdOf(int index) => index + 1;

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

    /// <summary>What the response must be, and what has changed with it.</summary>
    public Expected Expect(Request request)
    {
        var target = request.Target == "{next page}" ? _nextPage : request.Target;
        request = request with
        {
            Target = AnyId().Replace(target, match => $"{IdOf(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))}"),
        };
        var segments = request.Path.TrimEnd('/').Split('/')[1..].Select(Uri.UnescapeDataString).ToArray();
        return segments switch
        {
            ["v1", "users"] => Users(request),
            ["v1", "users", var text] when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var id) =>
                OneUser(request, id),
            ["user"] => ClassicUser(request),
            ["user", var text] => request.Method == "POST" ? ClassicUpdate(request, text) : NoMethod,
            ["users"] => request.Method == "GET" ? new(200) { Body = new JsonArray([.. Living.Select(ClassicJson)]) } : NoMethod,
            ["user" or "users", ..] => Expected.Classic(404, "Not Found"),
            _ => Expected.Problem(404, "no-such-route"),
        };
    }

    private IEnumerable<User> Living => _users.Where(user => !user.IsGone);

    private User? Find(long id) => Living.FirstOrDefault(user => IdOf(user.Index) == id);

    private bool IsTaken(string email, User? but) => Living.Any(user => user != but && user.Key == EmailAddress.Parse(email).Key);

    private Expected Users(Request request)
    {
        if (request.Method is not ("GET" or "HEAD" or "POST"))
            return Expected.Problem(405, "method-not-allowed");
        if (!RequestReader.AcceptsJson(request))
            return Expected.Problem(406, "not-acceptable");
        if (request.Method != "POST")
            return List(request);

        var (name, email, refusal) = RequestReader.ReadFields(request, "application/json", areRequired: true);
        return refusal ?? (IsTaken(email!, null) ? Expected.Problem(409, "email-taken")
            : Show(Create(name!, email!), 201, withLocation: true));
    }

    private Expected OneUser(Request request, long id)
    {
        if (request.Method is not ("GET" or "HEAD" or "PUT" or "PATCH" or "DELETE"))
            return Expected.Problem(405, "method-not-allowed");
        if (!RequestReader.AcceptsJson(request))
            return Expected.Problem(406, "not-acceptable");

        var (name, email, refusal) = request.Method switch
        {
            "PUT" => RequestReader.ReadFields(request, "application/json", areRequired: true),
            "PATCH" => RequestReader.ReadFields(request, "application/merge-patch+json", areRequired: false),
            _ => (null, null, RequestReader.RefuseParameters(request) ?? RequestReader.RefusePreconditions(request)),
        };
        if (refusal is not null)
            return refusal;
        if (Find(id) is not { } user)
            return NoUser;
        if (request.Method == "PUT" && request.Header("If-Match") is null)
            return Expected.Problem(428, "precondition-required");
        if (request.Header("If-Match") is { } tags && !RequestReader.Names(tags, user.ETag, isWeak: false))
            return Expected.Problem(412, "precondition-failed");
        var isRead = request.Method is "GET" or "HEAD";
        if (RequestReader.Names(request.Header("If-None-Match"), user.ETag, isWeak: true))
            return isRead ? new(304) { ETag = user.ETag } : Expected.Problem(412, "precondition-failed");
        if (isRead)
            return Show(user, 200);
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
            var parameters = request.Query.Where(part => !part.StartsWith("cursor=", StringComparison.Ordinal)).Append("cursor={cursor}");
            _nextPage = $"/v1/users?{string.Join('&', parameters)}";
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
            var (name, email, refusal) = RequestReader.ReadClassicFields(request);
            return refusal ?? (IsTaken(email!, null) ? Expected.Classic(409, "Email already registered")
                : new(200) { Body = ClassicJson(Create(name!, email!)) });
        }

        if (request.Method is not ("GET" or "DELETE"))
            return NoMethod;
        var text = RequestReader.Parameters(request).LastOrDefault(parameter => parameter.Name == "user_id").Value;
        if (RequestReader.ReadClassicId(text) is not { } id)
            return new(422);
        if (Find(id) is not { } user)
            return NoClassicUser;
        user.IsGone = request.Method == "DELETE";
        return user.IsGone ? Expected.Classic(200, "User deleted") : new(200) { Body = ClassicJson(user) };
    }

    private Expected ClassicUpdate(Request request, string text)
    {
        var (name, email, refusal) = RequestReader.ReadClassicFields(request);
        if (refusal is not null)
            return refusal;
        if (RequestReader.ReadClassicId(text) is not { } id)
            return new(422);
        if (Find(id) is not { } user)
            return NoClassicUser;
        if (IsTaken(email!, user))
            return Expected.Classic(409, "Email already registered");
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

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static Expected Show(User user, int status, bool withLocation = false) => new(status)
    {
        ETag = user.ETag,
        Location = withLocation ? $"/v1/users/{{user {user.Index}}}" : null,
        Body = Json(user),
    };

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

/// <summary>A response as far as the contract fixes it.</summary>
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

    public static Expected Classic(int status, string detail) => new(status) { Body = new JsonObject { ["detail"] = detail } };

    public override string ToString() => $"{Status} {Slug}{ETag} {Location} {Body?.ToJsonString()}";
}
