using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

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
    private static readonly Expected InvalidUser = Expected.Problem(422, "invalid-user");
    private static readonly Expected PreconditionFailed = Expected.Problem(412, "precondition-failed");
    private static readonly Expected NoMethod = Expected.Classic(405, "Method Not Allowed");

    private readonly List<ModelUser> _users = [];
    private (string Binding, ModelUser At)? _cursor;
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
                "created" => ModelUser.Text(user?.CreatedAt ?? Start),
                "external" => Uri.EscapeDataString(ExternalIdOf(index)),
                var id => $"{{{id} {index}}}",
            };
        }));
    }

    /// <summary>What the response must be, and what has changed with it.</summary>
    public Expected Expect(Request request)
    {
        var target = request.Target == "{next page}" ? _nextPage : request.Target;
        request = (request with { Target = target }).With(text => AnyId().Replace(
            text, match => $"{_users.ElementAtOrDefault(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))?.Id ?? 0}"));
        var segments = request.Path.TrimEnd('/').Split('/')[1..].Select(Uri.UnescapeDataString).ToArray();
        return segments switch
        {
            ["v1", "users"] => Users(request),
            ["v1", "users", var text] when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var id) =>
                OneUser(request, id),
            ["v1", "users", "by-external-id", _] => OneUserByExternalId(request),
            ["v1", "users", "lookup"] => LookUpUsers(request),
            ["user"] => ClassicUser(request),
            ["user", var text] => request.Method == "POST" ? ClassicUpdate(request, text) : NoMethod,
            ["users"] => request.Method == "GET" ? ClassicList() : NoMethod,
            ["user" or "users", ..] => Expected.Classic(404, "Not Found"),
            _ => Expected.Problem(404, "no-such-route"),
        };
    }

    private IEnumerable<ModelUser> Living => _users.Where(user => !user.IsGone);

    private string ExternalIdOf(int index)
    {
        var known = Living.Select(user => user.State.ExternalId).OfType<string>().ToList();
        return known.Count == 0 ? "x" : known[index % known.Count];
    }

    private ModelUser? Find(long id) => Living.FirstOrDefault(user => user.Id == id);

    private bool IsTaken(UserState state, ModelUser? but) => Living.Any(user => user != but && user.State.Key == state.Key);

    private Expected Users(Request request)
    {
        if (Refuse(request, "GET", "HEAD", "POST") is { } refusal)
            return refusal;
        if (request.Method != "POST")
            return List(request);
        (var fields, refusal) = ReadUser(request);
        return refusal ?? Store(fields!, null);
    }

    private Expected OneUser(Request request, long id)
    {
        if (Refuse(request, "GET", "HEAD", "PUT", "PATCH", "DELETE") is { } refusal)
            return refusal;
        var isRead = request.Method is "GET" or "HEAD";
        (var fields, refusal) = isRead || request.Method == "DELETE"
            ? (null, RequestReader.RefuseParameters(request) ?? RequestReader.RefuseMalformed(request))
            : ReadUser(request);
        if (refusal is not null)
            return refusal;
        if (Find(id) is not { } user)
            return NoUser;
        if (request.Method == "PUT" && request.Header("If-Match") is null)
            return Expected.Problem(428, "precondition-required");
        if (isRead)
            return Read(request, user);
        if (RefuseVersion(request, user) is { } stale)
            return stale;
        if (fields is not null)
            return Store(fields, user);
        user.IsGone = true;
        return new(204);
    }

    private Expected OneUserByExternalId(Request request)
    {
        if (Refuse(request, "GET", "HEAD", "PUT") is { } refusal)
            return refusal;
        var externalId = RequestReader.LastSegment(request);
        var user = Living.FirstOrDefault(user => user.State.ExternalId == externalId && externalId is not null);
        if (request.Method != "PUT")
        {
            refusal = RequestReader.RefuseParameters(request) ?? RequestReader.RefuseMalformed(request);
            return refusal ?? (user is null ? NoUser : Located(Read(request, user), user));
        }

        (var fields, refusal) = ReadUser(request);
        if (refusal is not null)
            return refusal;
        if (!UserFields.IsExternalId(externalId) || (fields!.ExternalId is { } other && other.GetString() != externalId))
            return InvalidUser;
        if (user is null ? request.Header("If-Match") is not null : RefuseVersion(request, user) is not null)
            return PreconditionFailed;
        return Located(Store(fields with { ExternalId = JsonSerializer.SerializeToElement(externalId) }, user), user);
    }

    private Expected LookUpUsers(Request request)
    {
        if (Refuse(request, "POST") is { } refusal)
            return refusal;
        (var lookUp, refusal) = RequestReader.ReadBody(request, "application/json", "invalid-lookup", LookUp.Read);
        return refusal ?? new(200) { Body = lookUp!.In(_users) };
    }

    private static Expected? Refuse(Request request, params string[] methods) =>
        !methods.Contains(request.Method) ? Expected.Problem(405, "method-not-allowed")
        : !RequestReader.AcceptsJson(request) ? Expected.Problem(406, "not-acceptable")
        : null;

    private static (UserFields? Fields, Expected? Refusal) ReadUser(Request request)
    {
        var isPatch = request.Method == "PATCH";
        return RequestReader.ReadBody(
            request, isPatch ? "application/merge-patch+json" : "application/json", "invalid-user",
            json => UserFields.Read(json, isPatch: isPatch));
    }

    private static Expected Read(Request request, ModelUser user) =>
        RequestReader.IsStale(request, user.ETag) ? PreconditionFailed
        : RequestReader.IsKnown(request, user.ETag) ? new(304) { ETag = user.ETag }
        : Show(user, 200);

    private static Expected Located(Expected response, ModelUser? user) =>
        response.ETag is null ? response : response with { ContentLocation = user?.Address ?? response.Location };

    private static Expected? RefuseVersion(Request request, ModelUser user) =>
        RequestReader.IsStale(request, user.ETag) || RequestReader.IsKnown(request, user.ETag) ? PreconditionFailed : null;

    /// <summary>Changes a user, or creates one.</summary>
    private Expected Store(UserFields fields, ModelUser? user)
    {
        if (fields.Over(user?.State ?? UserState.New) is not { } state)
            return InvalidUser;
        if (IsTaken(state, user))
            return Expected.Problem(409, "email-taken");
        if (state.ExternalId is { } id && Living.Any(other => other != user && other.State.ExternalId == id))
            return Expected.Problem(409, "external-id-taken");
        if (user is null)
            return Show(Create(state), 201);
        user.Change(state, Now);
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
        var page = new JsonObject { ["items"] = new JsonArray([.. behind.Take(query.Limit).Select(user => user.Json)]) };
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

    private Expected ClassicList() => new(200) { Body = new JsonArray([.. Living.Select(user => user.ClassicJson)]) };

    private Expected ClassicUser(Request request)
    {
        if (request.Method == "POST")
        {
            var (fields, refusal) = RequestReader.ReadClassicBody(request);
            return refusal ?? StoreClassic(fields!, null);
        }

        if (request.Method is not ("GET" or "DELETE"))
            return NoMethod;
        var text = RequestReader.Parameters(request).LastOrDefault(parameter => parameter.Name == "user_id").Value;
        if (RequestReader.ReadClassicId(text) is not { } id)
            return new(422);
        if (Find(id) is not { } user)
            return NoClassicUser;
        user.IsGone = request.Method == "DELETE";
        return user.IsGone ? Expected.Classic(200, "User deleted") : new(200) { Body = user.ClassicJson };
    }

    private Expected ClassicUpdate(Request request, string text)
    {
        var (fields, refusal) = RequestReader.ReadClassicBody(request);
        if (refusal is not null)
            return refusal;
        if (RequestReader.ReadClassicId(text) is not { } id)
            return new(422);
        return Find(id) is { } user ? StoreClassic(fields!, user) : NoClassicUser;
    }

    private Expected StoreClassic(UserFields fields, ModelUser? user)
    {
        var state = fields.Over(user?.State ?? UserState.New)!;
        if (IsTaken(state, user))
            return Expected.Classic(409, "Email already registered");
        user ??= Create(state);
        user.Change(state, Now);
        return new(200) { Body = user.ClassicJson };
    }

    private ModelUser Create(UserState state)
    {
        var user = new ModelUser(_users.Count, state, Now);
        _users.Add(user);
        return user;
    }

    private static Expected Show(ModelUser user, int status) => new(status)
    {
        ETag = user.ETag,
        Location = status == 201 ? user.Address : null,
        Body = user.Json,
    };

    [GeneratedRegex(@"\{(user|%user|version|created|external) (\d+)\}")]
    private static partial Regex AboutUser();

    [GeneratedRegex(@"\{%?user (\d+)\}")]
    private static partial Regex AnyId();
}
