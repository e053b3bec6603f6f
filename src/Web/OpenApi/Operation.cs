using UserCqrs.Web.Http;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.OpenApi;

/// <summary>What the OpenAPI document tells of one route. Said beside the route, so that the two change together.</summary>
internal sealed class Operation(string id, string summary, string description)
{
    private readonly List<RequestParameter> _parameters = [];
    private readonly List<Answer> _answers = [];
    private readonly List<ProblemType> _refusals = [];

    public string Id => id;

    public string Summary => summary;

    public string Description => description;

    public IReadOnlyList<RequestParameter> Parameters => _parameters;

    public IReadOnlyList<Answer> Successes => _answers;

    public IReadOnlyList<ProblemType> Refusals => _refusals;

    public (Type Type, BodyFormat Format)? Body { get; private set; }

    public Operation Reads(params RequestParameter[] parameters)
    {
        _parameters.AddRange(parameters);
        return this;
    }

    public Operation Takes<T>(BodyFormat format)
    {
        Body = (typeof(T), format);
        return this;
    }

    public Operation Answers<T>(int status, string description, params AnswerHeader[] headers)
    {
        _answers.Add(new(status, description, typeof(T), headers));
        return this;
    }

    public Operation Answers(int status, string description, params AnswerHeader[] headers)
    {
        _answers.Add(new(status, description, null, headers));
        return this;
    }

    /// <summary>What this route refuses, beside what every route does.</summary>
    public Operation Refuses(params ProblemType[] problems)
    {
        _refusals.AddRange(problems);
        return this;
    }
}

/// <summary>An answer that is no refusal.</summary>
internal sealed record Answer(int Status, string Description, Type? Body, AnswerHeader[] Headers);

/// <summary>A header of an answer.</summary>
internal sealed record AnswerHeader(string Name, string Description, string Example)
{
    public static readonly AnswerHeader ETag = new("ETag", "The user's version, for If-Match and If-None-Match.", "\"1\"");

    public static readonly AnswerHeader Location = new("Location", "Where the user is.", "/v1/users/42");

    public static readonly AnswerHeader Link = new(
        "Link", "Where the next page is (RFC 8288). Absent on the last.", "</v1/users?cursor=AQ>; rel=\"next\"");

    public static readonly AnswerHeader RetryAfter = new("Retry-After", "Seconds to wait.", "1");

    public static readonly AnswerHeader WWWAuthenticate = new(
        "WWW-Authenticate", "What credential is asked for (RFC 6750).", "Bearer realm=\"users\"");

    public static readonly AnswerHeader AcceptPatch = new(
        "Accept-Patch", "What PATCH takes (RFC 5789).", "application/merge-patch+json");
}

/// <summary>A parameter of a request.</summary>
internal sealed record RequestParameter(string Name, string In, string Type, string Description, object? Example)
{
    public string? Format { get; init; }

    public string[]? Values { get; init; }

    public bool Required { get; init; }

    public string? Minimum { get; init; }

    public string? Maximum { get; init; }

    public static readonly RequestParameter IfMatch =
        new("If-Match", "header", "string", "Go ahead only if this is the user's version: its ETag, or * for any.", "\"1\"");

    public static readonly RequestParameter IfNoneMatch =
        new("If-None-Match", "header", "string", "Go ahead only if this is not the user's version: its ETag, or * for any.", "\"1\"");

    public static readonly RequestParameter UserId = Path("id", "The user's id.");

    public static RequestParameter Query(string name, string type, string description, object? example = null) =>
        new(name, "query", type, description, example);

    public static RequestParameter Path(string name, string description) =>
        new(name, "path", "integer", description, 1) { Format = "int64", Required = true };
}

/// <summary>The fields of a user, all required.</summary>
/// <param name="Name">1 to 200 characters after trimming, one of them visible; no control characters or direction overrides.</param>
/// <param name="Email">One address, unique without regard to case. The domain may be international.</param>
internal sealed record UserFields(string Name, string Email);

/// <summary>The fields of a user, each of which may be left out.</summary>
/// <param name="Name">1 to 200 characters after trimming, one of them visible; no control characters or direction overrides.</param>
/// <param name="Email">One address, unique without regard to case. The domain may be international.</param>
internal sealed record UserPatch(string? Name = null, string? Email = null);
