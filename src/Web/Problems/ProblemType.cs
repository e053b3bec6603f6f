namespace UserCqrs.Web.Problems;

/// <summary>A problem type (RFC 9457). Its <see cref="Uri"/> leads to a page that explains it.</summary>
/// <param name="Slug">The last part of the URI. It is stable, because consumers distinguish problems by it.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">A short title, the same for every occurrence.</param>
/// <param name="Meaning">What happened and what to do about it.</param>
internal sealed record ProblemType(string Slug, int Status, string Title, string Meaning)
{
    public static readonly ProblemType MalformedRequest = new("malformed-request", 400, "Malformed request",
        "The body is not JSON in UTF-8, or a header does not follow its grammar. Mend the request before you send it again.");

    public static readonly ProblemType InvalidParameter = new("invalid-parameter", 400, "Invalid query parameter",
        "A query parameter is unknown, given twice, or out of its range; errors names each. Nothing was looked up.");

    public static readonly ProblemType Unauthorized = new("unauthorized", 401, "Unauthorized",
        "The route asks for a credential, and there is none or it is not valid; WWW-Authenticate says which. Send an API key or "
        + "a JWT as Authorization: Bearer.");

    public static readonly ProblemType Forbidden = new("forbidden", 403, "Forbidden",
        "The credential is valid, but not for this: it lacks the scope that WWW-Authenticate names.");

    public static readonly ProblemType UserNotFound = new("user-not-found", 404, "User not found",
        "No user has this id. Ids are never given again, so the user was deleted or never was.");

    public static readonly ProblemType NoSuchRoute = new("no-such-route", 404, "No such route",
        "Nothing is served under this path. The document at /openapi.json lists the routes of the API, and / the other pages.");

    public static readonly ProblemType MethodNotAllowed = new("method-not-allowed", 405, "Method not allowed",
        "The path exists, but not for this method. The Allow header lists those it has.");

    public static readonly ProblemType NotAcceptable = new("not-acceptable", 406, "Not acceptable",
        "The Accept header leaves out application/json, which is all there is.");

    public static readonly ProblemType RequestTimeout = new("request-timeout", 408, "Request timeout",
        "The request did not come, or could not be answered, in the time there is for one. Nothing was kept.");

    public static readonly ProblemType EmailTaken = new("email-taken", 409, "E-mail taken",
        "Another user has this e-mail address. Addresses that differ only in case, or in how the domain is written, are one.");

    public static readonly ProblemType PreconditionFailed = new("precondition-failed", 412, "Precondition failed",
        "The user's version is not one that If-Match names, or it is one that If-None-Match names. "
        + "Read the user again, and decide again.");

    public static readonly ProblemType PayloadTooLarge = new("payload-too-large", 413, "Payload too large",
        "The body is larger than 64 KiB.");

    public static readonly ProblemType UnsupportedMediaType = new("unsupported-media-type", 415, "Unsupported media type",
        "POST and PUT take application/json, PATCH takes application/merge-patch+json (RFC 7396), always uncompressed.");

    public static readonly ProblemType Misdirected = new("misdirected", 421, "Misdirected request",
        "The request came by a loopback address, where Host must be localhost or a loopback address. The setting AllowedHosts "
        + "names others.");

    public static readonly ProblemType InvalidUser = new("invalid-user", 422, "Invalid user",
        "The body is JSON, but not a user: errors names each member that breaks a rule, by JSON Pointer (RFC 6901).");

    public static readonly ProblemType PreconditionRequired = new("precondition-required", 428, "Precondition required",
        "PUT needs If-Match with the ETag of the version that is replaced, or * for any.");

    public static readonly ProblemType TooManyRequests = new("too-many-requests", 429, "Too many requests",
        "The caller asks more often than it may. Try again after the seconds in Retry-After.");

    public static readonly ProblemType InternalError = new("internal-error", 500, "Internal error",
        "The service made a mistake. Its log tells more under the traceId.");

    public static readonly ProblemType Unavailable = new("unavailable", 503, "Unavailable",
        "The database, or the issuer of tokens, cannot be asked now. Nothing was kept, unless detail says that this is not "
        + "known. Try again after the seconds in Retry-After.");

    public static readonly IReadOnlyList<ProblemType> All =
    [
        MalformedRequest, InvalidParameter, Unauthorized, Forbidden, UserNotFound, NoSuchRoute, MethodNotAllowed, NotAcceptable,
        RequestTimeout, EmailTaken, PreconditionFailed, PayloadTooLarge, UnsupportedMediaType, Misdirected, InvalidUser,
        PreconditionRequired, TooManyRequests, InternalError, Unavailable,
    ];

    /// <summary>The problem types of conflicts, by the code of the error.</summary>
    public static readonly IReadOnlyDictionary<string, ProblemType> Conflicts = new Dictionary<string, ProblemType>
    {
        ["email.taken"] = EmailTaken,
    };

    public string Uri => $"/problems/{Slug}";
}
