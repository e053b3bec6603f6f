using System.Text.Json.Serialization;
using FastEndpoints;
using UserCqrs.Application.Users.Importing;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.Http.Bulk;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>POST /v1/users/import</c></summary>
internal sealed class ImportUsersEndpoint(UserImport import) : Endpoint<ImportRequest>
{
    public override void Configure()
    {
        Post("/v1/users/import");
        Group<V1Routes>();
        Policies(Scope.Write);
        Options(static route => route.DisableRequestTimeout());
        RequestBinder(new Binder<ImportRequest>(ImportRequest.Bind));
        Summary(new Operation("importUsers", "Import users", "Creates or updates the users of the body, one on each line, which "
                + "may have any length. With mode=each, the default, each line counts for itself: the response has one line for "
                + "each, as soon as it is stored, and a last line with the totals. With mode=atomic, all lines are imported or "
                + $"none; there may be up to {ImportAllUsers.MaxLines:N0}.")
        {
            MediaTypes = ["application/json", UserLines.Ndjson.Body.MediaType],
            Streams = [.. UserLines.All.Select(lines => lines.Body)],
        }
            .Reads([.. ImportRequest.Parameters, RequestParameter.IdempotencyKey])
            .Responds<ImportTotalsResponse>(200, "The totals, after one line for each line of the body if mode is each.",
                OperationHeader.IdempotencyReplayed)
            .FailsWith(
                ProblemType.MalformedRequest, ProblemType.InvalidParameter, ProblemType.InvalidImport,
                ProblemType.IdempotencyKeyInUse,
                ProblemType.IdempotencyKeyReused));
    }

    public override Task HandleAsync(ImportRequest request, CancellationToken cancellationToken) => request.IsAtomic
        ? import.ImportAllAsync(request, HttpContext, cancellationToken)
        : import.ImportEachAsync(request, HttpContext, cancellationToken);
}

/// <summary>The parameters of an import.</summary>
/// <param name="Lines">The format of the body.</param>
/// <param name="Options">How the users are imported.</param>
/// <param name="IsAtomic">Whether all lines are imported or none.</param>
/// <param name="Key">The value of <c>Idempotency-Key</c>, if there is one.</param>
internal sealed record ImportRequest(UserLines Lines, ImportOptions Options, bool IsAtomic, string? Key)
{
    public static readonly RequestParameter[] Parameters =
    [
        RequestParameter.Query(
            "mode", "string", "each imports each line for itself, atomic all lines or none. The default is each.")
            with { Values = ["each", "atomic"] },
        RequestParameter.Query("onConflict", "string",
            "What happens to a line whose user exists: fail, skip, or update, which sets the members that the line gives. The "
            + "default is fail.") with { Values = ["fail", "skip", "update"] },
        RequestParameter.Query("key", "string", "The member by which skip and update find the user. The default is email.")
            with { Values = ["email", "externalId"] },
        RequestParameter.Query("dryRun", "boolean", "Whether to store nothing and only report what would happen. With mode=each, "
            + $"lines that are more than {ImportUsers.MaxLines} lines apart are then not compared with each other."),
    ];

    private static readonly string[] Names = [.. Parameters.Select(parameter => parameter.Name)];

    public static Bound<ImportRequest> Bind(HttpRequest request)
    {
        var query = new QueryReader(request.Query, Names);
        var isAtomic = query.OneOf("mode", "each", "atomic") == "atomic";
        var onConflict = query.OneOf("onConflict", "fail", "skip", "update") switch
        {
            "skip" => ImportConflict.Skip,
            "update" => ImportConflict.Update,
            _ => ImportConflict.Fail,
        };
        var key = query.OneOf("key", "email", "externalId") == "externalId" ? ImportKey.ExternalId : ImportKey.Email;
        var isDryRun = query.Flag("dryRun") ?? false;
        if (query.Errors.Count > 0)
            return Problem.InvalidParameters(query.Errors);
        var (idempotencyKey, malformed) = IdempotencyHeader.Read(request);
        if (malformed is not null)
            return malformed;
        if (idempotencyKey is not null && !isAtomic)
            return new Problem(ProblemType.MalformedRequest, $"{IdempotencyHeader.Name} needs mode=atomic.");
        var lines = UserLines.All.First(lines => lines.Body.IsThatOf(request));
        return new ImportRequest(lines, new(onConflict, key, isDryRun), isAtomic, idempotencyKey);
    }
}

/// <summary>What became of a line of an import.</summary>
/// <param name="Line">The number of the line, starting at 1.</param>
/// <param name="Status">created, updated, unchanged, skipped, conflict or invalid.</param>
/// <param name="Id">The user that was created or found.</param>
/// <param name="Errors">Why nothing was stored.</param>
internal sealed record ImportedLineResponse(
    long Line,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Id,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ProblemError>? Errors);

/// <summary>The numbers of lines of an import.</summary>
/// <param name="Lines">All lines that are not empty.</param>
/// <param name="Created">Those that created a user.</param>
/// <param name="Updated">Those that changed a user.</param>
/// <param name="Unchanged">Those whose user already has all the values.</param>
/// <param name="Skipped">Those whose user exists and was left as it is.</param>
/// <param name="Conflict">Those with an e-mail address or external id that another user has.</param>
/// <param name="Invalid">Those that break a rule or cannot be read.</param>
internal sealed record ImportTotalsResponse(
    long Lines, long Created, long Updated, long Unchanged, long Skipped, long Conflict, long Invalid);
