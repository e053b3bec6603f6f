using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Http;
using UserCqrs.Web.Problems;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.OpenApi;

/// <summary>Examples of problems, created by the code that sends them.</summary>
internal static class ProblemExamples
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    /// <summary>Creates an example of each problem type.</summary>
    /// <param name="types">The problem types.</param>
    /// <param name="operation">The operation that sends them.</param>
    /// <param name="path">The path of the operation, such as <c>/v1/users/{id:long}</c>.</param>
    /// <param name="scope">The scope that the operation needs.</param>
    public static Dictionary<string, IOpenApiExample> Of(
        IEnumerable<ProblemType> types, Operation operation, string path, string scope) =>
        types.ToDictionary(type => type.Slug, IOpenApiExample (type) => new OpenApiExample
        {
            Summary = type.Title,
            Value = ToJson(Create(type, operation, scope)
                .ToResponse(path.Replace("{id:long}", "42", StringComparison.Ordinal)
                    .Replace("{externalId}", "hr-0042", StringComparison.Ordinal), TraceId)),
        });

    private static JsonNode? ToJson(ProblemResponse problem) =>
        JsonSerializer.SerializeToNode(problem, ApiJson.Default.ProblemResponse);

    private static Problem Create(ProblemType type, Operation operation, string scope) =>
        type == ProblemType.MalformedRequest ? operation.Body is null ? EntityTags.Malformed("If-None-Match") : ObjectBody.Missing
        : type == ProblemType.InvalidParameter ? Problem.InvalidParameters([QueryReader.Unknown(
            "page", [.. operation.Parameters.Where(parameter => parameter.In == "query").Select(parameter => parameter.Name)],
            operation.ParameterPrefix)])
        : type == ProblemType.InvalidUser
            ? Problem.From(Error.Invalid([ObjectBody.UnknownMember("age", UserField.NamesOf(ApiSurface.V1)), InvalidEmail()]))
        : type == ProblemType.InvalidLookup
            ? Problem.InvalidLookup([ObjectBody.UnknownMember("names", LookUpBody.Members)])
        : type == ProblemType.UserNotFound ? Problem.From(Error.NotFound)
        : type == ProblemType.PreconditionFailed ? Problem.From(Error.PreconditionFailed)
        : type == ProblemType.PreconditionRequired ? Problem.From(Error.PreconditionRequired)
        : type == ProblemType.Unauthorized ? Challenge.NoCredential
        : type == ProblemType.Forbidden ? Challenge.NoScope(scope)
        : type == ProblemType.UnsupportedMediaType
            ? BodyFormat.WrongMediaType(operation.Body is { } body ? [body.Format] : operation.Streams)
        : type == ProblemType.Unavailable ? new(type, ExceptionHandler.NothingWasChanged)
        : UniqueIndexes.AllConflicts.Select(Problem.From).FirstOrDefault(conflict => conflict.Type == type) ?? new(type);

    private static InputError InvalidEmail()
    {
        _ = EmailAddress.TryParse("ann@", out _, out var violation);
        return new("email", violation!.Code, violation.Detail);
    }
}
