using System.Globalization;
using System.Buffers;
using System.Text.Json;
using CsvHelper;
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
        RequestParameter.Query(Format, "string", "The format: ndjson, one JSON object on each line, which is the default; or csv.")
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
                + "Users that are created or changed meanwhile may be missing or new. An import takes what an export returns. Cells "
                + "of CSV that a spreadsheet would run as a formula begin with an apostrophe.")
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
            users => isCsv ? new CsvUsersResult(users) : new NdjsonUsersResult(users),
            static error => Problem.InvalidParameters(error.Inputs)).ExecuteAsync(HttpContext);
    }

    private static Bound<StreamUsers> Bind(HttpRequest request)
    {
        var query = new QueryReader(request.Query, Names, ListUsersParameters.AttributePrefix);
        query.OneOf(Format, "ndjson", "csv");
        return new StreamUsers(ListUsersParameters.Filter(query)) { Unreadable = query.Errors };
    }
}

/// <summary>200 and users as newline-delimited JSON, streamed.</summary>
internal sealed record NdjsonUsersResult(IAsyncEnumerable<UserDto> Users) : IResult
{
    private const int FlushAt = 32 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = UserLines.Ndjson.Body.MediaType;
        var body = httpContext.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(body, new() { Encoder = ApiJson.Default.Options.Encoder, SkipValidation = true });
        await foreach (var user in Users.WithCancellation(httpContext.RequestAborted))
        {
            JsonSerializer.Serialize(json, Responses.ToUser(user), ApiJson.Default.UserResponse);
            json.Flush();
            json.Reset();
            body.Write("\n"u8);
            if (body.UnflushedBytes >= FlushAt)
                await body.FlushAsync(httpContext.RequestAborted);
        }
    }
}

/// <summary>200 and users as CSV, streamed.</summary>
internal sealed record CsvUsersResult(IAsyncEnumerable<UserDto> Users) : IResult
{
    private static readonly string[] Columns =
        ["id", "externalId", "name", "email", "active", "attributes", "createdAt", "updatedAt"];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = $"{UserLines.Csv.Body.MediaType}; charset=utf-8; header=present";
        httpContext.Response.Headers.ContentDisposition = "attachment; filename=\"users.csv\"";
        await using var csv = new CsvWriter(
            new StreamWriter(httpContext.Response.Body, leaveOpen: true), CultureInfo.InvariantCulture);
        Array.ForEach(Columns, csv.WriteField);
        await csv.NextRecordAsync();
        await foreach (var user in Users.WithCancellation(httpContext.RequestAborted))
        {
            csv.WriteField(user.Id);
            csv.WriteField(SpreadsheetCell.Escape(user.ExternalId ?? ""));
            csv.WriteField(SpreadsheetCell.Escape(user.Name));
            csv.WriteField(SpreadsheetCell.Escape(user.Email));
            csv.WriteField(user.Active ? "true" : "false");
            csv.WriteField(user.Attributes);
            csv.WriteField(Rfc3339Converter.Format(user.CreatedAt));
            csv.WriteField(Rfc3339Converter.Format(user.UpdatedAt));
            await csv.NextRecordAsync();
        }
    }
}
