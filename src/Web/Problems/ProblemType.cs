namespace UserCqrs.Web.Problems;

/// <summary>A problem type (RFC 9457). Its <see cref="Uri"/> leads to a page that explains it.</summary>
/// <param name="Slug">The last part of the URI. It is stable, because consumers distinguish problems by it.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">A short title, the same for every occurrence.</param>
/// <param name="Meaning">What happened and what to do about it.</param>
internal sealed record ProblemType(string Slug, int Status, string Title, string Meaning)
{
    public static readonly ProblemType MalformedRequest = new("malformed-request", 400, "Malformed request",
        "The body is not JSON in UTF-8, or a header does not follow its grammar. Correct the request before you send it again.");

    public static readonly ProblemType InvalidParameter = new("invalid-parameter", 400, "Invalid query parameter",
        "A query parameter is unknown, repeated or invalid; errors names each. The request was not executed.");

    public static readonly ProblemType Unauthorized = new("unauthorized", 401, "Unauthorized",
        "The route needs a credential, but the request has none or an invalid one; WWW-Authenticate says which. Send an API key "
        + "or a JWT as Authorization: Bearer.");

    public static readonly ProblemType Forbidden = new("forbidden", 403, "Forbidden",
        "The credential is valid, but lacks the scope that WWW-Authenticate names.");

    public static readonly ProblemType UserNotFound = new("user-not-found", 404, "User not found",
        "No user has this id, or this external id. Ids are never reused, so a user with this id was deleted or never existed.");

    public static readonly ProblemType NoSuchRoute = new("no-such-route", 404, "No such route",
        "This path does not exist. The document at /openapi.json lists the routes of the API, and / lists the other pages.");

    public static readonly ProblemType MethodNotAllowed = new("method-not-allowed", 405, "Method not allowed",
        "The path does not support this method. The Allow header lists the methods that it supports.");

    public static readonly ProblemType NotAcceptable = new("not-acceptable", 406, "Not acceptable",
        "The Accept header excludes every format of this route. Most routes have only application/json.");

    public static readonly ProblemType RequestTimeout = new("request-timeout", 408, "Request timeout",
        "The request was not received, or could not be executed, within the time limit. Nothing was changed.");

    public static readonly ProblemType EmailTaken = new("email-taken", 409, "E-mail taken",
        "Another user has this e-mail address. Addresses that differ only in case, or in how the domain is written, are the "
        + "same.");

    public static readonly ProblemType ExternalIdTaken = new("external-id-taken", 409, "External id taken",
        "Another user has this external id. Case counts in external ids.");

    public static readonly ProblemType IdempotencyKeyInUse = new("idempotency-key-in-use", 409, "Idempotency key in use",
        "A request of this caller with the same Idempotency-Key is being executed. Try again later: when it has succeeded, the "
        + "response is the same.");

    public static readonly ProblemType ChangesGone = new("changes-gone", 410, "Changes gone",
        "The log of changes no longer goes back to this cursor: it is too old, or the database was restored or has failed over. "
        + "Read after=now, then all users, and continue from that cursor.");

    public static readonly ProblemType PreconditionFailed = new("precondition-failed", 412, "Precondition failed",
        "The user's version is not one that If-Match names, or it is one that If-None-Match names, or If-Match was sent "
        + "for a user that does not exist. Read the user again, then decide whether the change still applies.");

    public static readonly ProblemType PayloadTooLarge = new("payload-too-large", 413, "Payload too large",
        "The body is larger than 64 KiB.");

    public static readonly ProblemType UnsupportedMediaType = new("unsupported-media-type", 415, "Unsupported media type",
        "POST and PUT accept application/json, PATCH accepts application/merge-patch+json (RFC 7396), always uncompressed.");

    public static readonly ProblemType Misdirected = new("misdirected", 421, "Misdirected request",
        "The Host header is not a name of this service. At a loopback address it must be localhost or a loopback address; the "
        + "setting AllowedHosts allows other names.");

    public static readonly ProblemType InvalidUser = new("invalid-user", 422, "Invalid user",
        "The body is JSON, but not a valid user: errors names each invalid member by its JSON Pointer (RFC 6901).");

    public static readonly ProblemType InvalidLookup = new("invalid-lookup", 422, "Invalid look-up",
        "The body is JSON, but not a valid look-up: errors names each invalid part by its JSON Pointer (RFC 6901).");

    public static readonly ProblemType InvalidImport = new("invalid-import", 422, "Invalid import",
        "Nothing was imported, because the header of the CSV, or a line of an atomic import, is not valid or in conflict: errors "
        + "names the line and the member, up to 100.");

    public static readonly ProblemType IdempotencyKeyReused = new("idempotency-key-reused", 422, "Idempotency key reused",
        "In the last 24 hours, this caller has sent another request with the same Idempotency-Key. Give each request a key of "
        + "its own; use it again only to repeat the same request, to the octet.");

    public static readonly ProblemType PreconditionRequired = new("precondition-required", 428, "Precondition required",
        "PUT of a user by id needs If-Match with the ETag of the version to replace, or * for any version.");

    public static readonly ProblemType TooManyRequests = new("too-many-requests", 429, "Too many requests",
        "The caller exceeds its rate limit. Try again after the number of seconds in Retry-After.");

    public static readonly ProblemType InternalError = new("internal-error", 500, "Internal error",
        "The service failed unexpectedly. Its log has the details under the traceId.");

    public static readonly ProblemType Unavailable = new("unavailable", 503, "Unavailable",
        "The database, or the issuer of tokens, is unavailable. Nothing was changed, unless detail says that the outcome is "
        + "unknown. Try again after the number of seconds in Retry-After. Or a count took longer than 5 seconds: leave it "
        + "out, or add a filter.");

    public static readonly IReadOnlyList<ProblemType> All =
    [
        MalformedRequest, InvalidParameter, Unauthorized, Forbidden, UserNotFound, NoSuchRoute, MethodNotAllowed, NotAcceptable,
        RequestTimeout, EmailTaken, ExternalIdTaken, IdempotencyKeyInUse, ChangesGone, PreconditionFailed,
        PayloadTooLarge, UnsupportedMediaType, Misdirected,
        InvalidUser, InvalidLookup, InvalidImport, IdempotencyKeyReused,
        PreconditionRequired, TooManyRequests, InternalError, Unavailable,
    ];

    /// <summary>The problem types of conflicts, by the code of the error.</summary>
    public static readonly IReadOnlyDictionary<string, ProblemType> Conflicts = new Dictionary<string, ProblemType>
    {
        ["email.taken"] = EmailTaken,
        ["externalId.taken"] = ExternalIdTaken,
    };

    public string Uri => $"/problems/{Slug}";
}
