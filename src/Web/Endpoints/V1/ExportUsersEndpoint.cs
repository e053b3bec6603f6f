using FastEndpoints;
using MediatR;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.Http.Bulk;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary><c>GET /v1/users/export</c></summary>
internal sealed class ExportUsersEndpoint(IMediator mediator) : Endpoint<StreamUsers>
{
    private const string Format = "format";

    private static readonly RequestParameter[] Parameters =
    [
        RequestParameter.Query(
            Format, "string", "The format: ndjson, one JSON object on each line, which is the default; or csv.")
            with { Values = ["ndjson", "csv"] },
        .. ListUsersParameters.Filters,
    ];

    private static readonly string[] Names = [.. Parameters.Select(parameter => parameter.Name)];

    public override void Configure()
    {
        Get("/v1/users/export");
        Group<V1Routes>();
        Policies(Scope.Read);
        Options(static route => route.DisableRequestTimeout().Compresses());
        RequestBinder(new Binder<StreamUsers>(Bind));
        Summary(new Operation("exportUsers", "Export users", "Returns all users that match the filters, in id order, streamed. "
                + "Users that are created or changed meanwhile may be missing or new. An import takes what an export returns. "
                + "Cells of CSV that a spreadsheet would run as a formula begin with an apostrophe.")
        {
            ParameterPrefix = ListUsersParameters.AttributePrefix,
            MediaTypes = [.. UserLines.All.Select(lines => lines.Body.MediaType)],
        }
            .Reads(Parameters)
            .Responds<string>(200, "The users.")
            .FailsWith(ProblemType.InvalidParameter));
    }

    public override async Task HandleAsync(StreamUsers query, CancellationToken cancellationToken)
    {
        var isCsv = HttpContext.Request.Query[Format] == "csv";
        var result = await mediator.Send(query, cancellationToken);
        await result.Match<IResult>(
            users => new ExportResult(users, isCsv),
            static error => Problem.InvalidParameters(error.Inputs)).ExecuteAsync(HttpContext);
    }

    private static Bound<StreamUsers> Bind(HttpRequest request)
    {
        var query = new QueryReader(request.Query, Names, ListUsersParameters.AttributePrefix);
        query.OneOf(Format, "ndjson", "csv");
        return new StreamUsers(ListUsersParameters.Filter(query)) { Unreadable = query.Errors };
    }
}

/// <summary>200 and users, streamed.</summary>
internal sealed record ExportResult(IAsyncEnumerable<UserDto> Users, bool IsCsv) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (!IsCsv)
        {
            response.ContentType = UserLines.Ndjson.Body.MediaType;
            return UserWriting.WriteNdjsonAsync(Users, response.BodyWriter, httpContext.RequestAborted);
        }

        response.ContentType = $"{UserLines.Csv.Body.MediaType}; charset=utf-8; header=present";
        response.Headers.ContentDisposition = "attachment; filename=\"users.csv\"";
        return UserWriting.WriteCsvAsync(Users, response.Body, httpContext.RequestAborted);
    }
}
