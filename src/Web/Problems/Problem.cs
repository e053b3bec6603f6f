using System.Text.Json.Serialization;
using UserCqrs.Application.Common;
using UserCqrs.Domain;
using UserCqrs.Web.Http;

namespace UserCqrs.Web.Problems;

/// <summary>An error response, in the format of the API surface.</summary>
internal sealed record Problem(ProblemType Type, string? Detail = null) : IResult
{
    /// <summary>The errors of all invalid members or parameters.</summary>
    public IReadOnlyList<InputError> Errors { get; init; } = [];

    /// <summary>The offset at which the body stops being valid JSON, in octets.</summary>
    public long? Position { get; init; }

    /// <summary>The value of <c>WWW-Authenticate</c> (RFC 9110 §11.6.1).</summary>
    public string? Challenge { get; init; }

    /// <summary>The number of seconds after which to try again, for temporary problems.</summary>
    private string? RetryAfter => Type == ProblemType.Unavailable || Type == ProblemType.TooManyRequests ? "1" : null;

    /// <summary>The trace id by which the log identifies this request; if <c>null</c>, it is determined when needed.</summary>
    public string? TraceId { get; init; }

    /// <summary>Converts the error of a command or query.</summary>
    public static Problem From(Error error) => error.Kind switch
    {
        ErrorKind.Invalid => new(ProblemType.InvalidUser, "The user is not valid.") { Errors = error.Inputs },
        ErrorKind.NotFound => new(ProblemType.UserNotFound, "User not found"),
        ErrorKind.PreconditionRequired => new(ProblemType.PreconditionRequired, "Send If-Match with the user's ETag, or *."),
        ErrorKind.PreconditionFailed => new(
            ProblemType.PreconditionFailed,
            "The user's current version does not satisfy If-Match or If-None-Match. Read the user again."),
        ErrorKind.IdempotencyKeyReused => new(ProblemType.IdempotencyKeyReused),
        ErrorKind.IdempotencyKeyInUse => new(ProblemType.IdempotencyKeyInUse),
        ErrorKind.Gone => new(ProblemType.ChangesGone),
        ErrorKind.TimedOut => new(ProblemType.Unavailable, error.Inputs[0].Detail) { Errors = error.Inputs },
        ErrorKind.Conflict => new(ProblemType.Conflicts[error.Inputs[0].Code], error.Inputs[0].Detail) { Errors = error.Inputs },
        _ => throw new InvalidOperationException($"No problem type for {error.Kind}."),
    };

    /// <summary>The problem for invalid query parameters.</summary>
    public static Problem InvalidParameters(IReadOnlyList<InputError> errors) =>
        new(ProblemType.InvalidParameter, "The query string is not valid.") { Errors = errors };

    /// <summary>The problem for an invalid look-up.</summary>
    public static Problem InvalidLookup(IReadOnlyList<InputError> errors) =>
        new(ProblemType.InvalidLookup, "The look-up is not valid.") { Errors = errors };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        BrowserSafety.Guard(httpContext.Response); // exceptions clear headers, and pages allow caching
        httpContext.Response.Headers.RetryAfter = RetryAfter;
        httpContext.Response.Headers.WWWAuthenticate = Challenge;
        return ApiSurface.Of(httpContext).WriteProblemAsync(httpContext, this);
    }

    /// <summary>Writes the problem as problem details (RFC 9457).</summary>
    public Task WriteDetailsAsync(HttpContext httpContext)
    {
        var body = ToResponse(httpContext.Request.Path, TraceId ?? TraceIds.Of(httpContext));
        return JsonResponse.WriteAsync(
            httpContext, Type.Status, body, ApiJson.Default.ProblemResponse, "application/problem+json");
    }

    /// <summary>Creates the body of the response.</summary>
    public ProblemResponse ToResponse(string instance, string traceId) => new(
        Type.Uri, Type.Title, Type.Status, Detail ?? Type.Meaning, instance, traceId,
        Errors.Count == 0 ? null : [.. Errors.Select(Locate)]);

    // A count that takes too long is the only problem of the last type that names an input.
    private ProblemError Locate(InputError error) => Type == ProblemType.InvalidParameter || Type == ProblemType.Unavailable
        ? new(null, error.Member, error.Code, error.Detail)
        : ProblemError.InBody(error);
}

/// <summary>A problem (RFC 9457).</summary>
/// <param name="Type">A URI path that identifies the kind of problem and leads to its page. Later versions may add some.</param>
/// <param name="Title">A short title of the kind of problem.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong with this request.</param>
/// <param name="Instance">The path of this request.</param>
/// <param name="TraceId">The id of this request in the service's log and traces.</param>
/// <param name="Errors">All errors of the input.</param>
internal sealed record ProblemResponse(
    string Type, string Title, int Status, string Detail, string Instance, string TraceId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ProblemError>? Errors);

/// <summary>An error of the input.</summary>
/// <param name="Pointer">The member of the body, as a JSON Pointer (RFC 6901); empty for the whole body.</param>
/// <param name="Parameter">The query parameter.</param>
/// <param name="Code">The kind of error, for programs. Stable; later versions may add some.</param>
/// <param name="Detail">A description for people.</param>
internal sealed record ProblemError(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Pointer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Parameter,
    string Code,
    string Detail)
{
    /// <summary>The line of an import, starting at 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Line { get; init; }

    /// <summary>The octet of a line at which it cannot be read, starting at 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Column { get; init; }

    /// <summary>An error in a body.</summary>
    public static ProblemError InBody(InputError error) => new(
        error.Member is null ? "" : $"/{JsonPointer.Escape(error.Member)}{error.Path}", null, error.Code, error.Detail)
    {
        Line = error.Line,
        Column = error.Column,
    };
}
