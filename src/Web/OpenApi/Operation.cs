using FastEndpoints;
using UserCqrs.Web.Http;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.OpenApi;

/// <summary>
/// Describes one route in the OpenAPI document: FastEndpoints' summary, extended with parameters, response headers and problems.
/// It is declared beside the route, so that both change together.
/// </summary>
internal sealed class Operation : EndpointSummary
{
    private readonly List<RequestParameter> _parameters = [];
    private readonly List<(int, OperationHeader)> _headers = [];
    private readonly List<ProblemType> _problems = [];

    public Operation(string id, string summary, string description) => (Id, Summary, Description) = (id, summary, description);

    public string Id { get; }

    public IReadOnlyList<RequestParameter> Parameters => _parameters;

    public IReadOnlyList<(int Status, OperationHeader Header)> Headers => _headers;

    public IReadOnlyList<ProblemType> Problems => _problems;

    public (BodySchema Schema, BodyFormat Format)? Body { get; private set; }

    public Operation Reads(params RequestParameter[] parameters)
    {
        _parameters.AddRange(parameters);
        return this;
    }

    /// <summary>The start of the names of query parameters that depend on the settings; <c>null</c> if there are none.</summary>
    public string? ParameterPrefix { get; init; }

    /// <summary>The media types of the responses to successful requests.</summary>
    public IReadOnlyList<string> MediaTypes { get; init; } = ["application/json"];

    /// <summary>The formats of a body of any length, one of which it must have.</summary>
    public IReadOnlyList<BodyFormat> Streams { get; init; } = [];

    /// <summary>Declares the body, and the problems that it may cause.</summary>
    public Operation Takes(BodySchema schema, BodyFormat format)
    {
        Body = (schema, format);
        return FailsWith([.. schema.Problems]);
    }

    public Operation Responds<T>(int status, string description, params OperationHeader[] headers)
    {
        Response<T>(status, description);
        _headers.AddRange(headers.Select(header => (status, header)));
        return this;
    }

    public Operation Responds(int status, string description, params OperationHeader[] headers)
    {
        Response(status, description);
        _headers.AddRange(headers.Select(header => (status, header)));
        return this;
    }

    /// <summary>Declares problems that this route may send, in addition to those of every route.</summary>
    public Operation FailsWith(params ProblemType[] problems)
    {
        _problems.AddRange(problems);
        return this;
    }
}

/// <summary>A header of a response.</summary>
internal sealed record OperationHeader(string Name, string Description, string Example)
{
    public static readonly OperationHeader ETag = new("ETag", "The user's version, for If-Match and If-None-Match.", "\"1\"");

    public static readonly OperationHeader Location = new("Location", "The path of the user.", "/v1/users/42");

    public static readonly OperationHeader ContentLocation =
        new("Content-Location", "The path of the user by id.", "/v1/users/42");

    public static readonly OperationHeader Link = new(
        "Link", "The address of the next page (RFC 8288). Absent on the last page.", "</v1/users?cursor=AQ>; rel=\"next\"");

    public static readonly OperationHeader IdempotencyReplayed = new(
        IdempotencyHeader.Replayed, "true if this is the response to an earlier request with the same key; else absent.", "true");

    public static readonly OperationHeader RetryAfter = new("Retry-After", "The number of seconds to wait.", "1");

    public static readonly OperationHeader WWWAuthenticate = new(
        "WWW-Authenticate", "The credential that the route needs (RFC 6750).", "Bearer realm=\"users\"");

    public static readonly OperationHeader AcceptPatch = new(
        "Accept-Patch", "The media type that PATCH accepts (RFC 5789).", "application/merge-patch+json");
}

/// <summary>A parameter of a request.</summary>
/// <remarks>It has no example, because the interactive page would send it unless the user removed it.</remarks>
internal sealed record RequestParameter(string Name, string In, string Type, string Description)
{
    public string? Format { get; init; }

    public string[]? Values { get; init; }

    public bool Required { get; init; }

    public string? Minimum { get; init; }

    public string? Maximum { get; init; }

    public static readonly RequestParameter IfMatch =
        new("If-Match", "header", "string",
            "Executes the request only if the user has this version: the ETag with its quotes, such as \"1\", or * for any.");

    public static readonly RequestParameter IfNoneMatch =
        new("If-None-Match", "header", "string",
            "Executes the request only if the user does not have this version: the ETag with its quotes, such as \"1\", or * "
            + "for any.");

    public static readonly RequestParameter IdempotencyKey =
        new(IdempotencyHeader.Name, "header", "string",
            "1 to 255 visible ASCII characters that you use for no other request, such as a UUID. For 24 hours, the same request "
            + "with the same key is not executed again, but gets the same response.");

    public static readonly RequestParameter UserId = Path("id", "The user's id.");

    public static readonly RequestParameter ExternalId =
        new(RouteParameters.ExternalId, "path", "string", "The user's external id, percent-encoded: a slash is %2F.")
        {
            Required = true,
        };

    public static RequestParameter Query(string name, string type, string description) => new(name, "query", type, description);

    public static RequestParameter Path(string name, string description) =>
        new(name, "path", "integer", description) { Format = "int64", Required = true };
}
