using System.Text.Json.Nodes;
using FastEndpoints;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using UserCqrs.Web.Endpoints.Classic;
using UserCqrs.Web.Http;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.OpenApi;

/// <summary>Adds the <see cref="Operation"/> of each endpoint to the document.</summary>
internal sealed class OperationTransformer : IOpenApiOperationTransformer
{
    // The schemas of these list items would be generated in place. They become references to components instead.
    private static readonly Dictionary<Type, Type> ErrorTypes = new()
    {
        [typeof(ProblemResponse)] = typeof(ProblemError),
        [typeof(ClassicValidationErrors)] = typeof(ClassicValidationError),
    };

    // Problems that are the same for every route of an API surface, so their responses become components.
    private static readonly ProblemType[] Shared =
    [
        ProblemType.Unauthorized, ProblemType.NotAcceptable, ProblemType.RequestTimeout, ProblemType.PayloadTooLarge,
        ProblemType.Misdirected, ProblemType.TooManyRequests, ProblemType.InternalError, ProblemType.Unavailable,
    ];

    public async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var declared = metadata.OfType<Operation>().Single();
        var document = context.Document!;
        var surface = metadata.OfType<ApiSurface>().Single();
        var isClassic = surface == ApiSurface.Classic;
        var isHead = HttpMethods.IsHead(context.Description.HttpMethod!);

        operation.OperationId = isHead ? $"{declared.Id}Head" : declared.Id;
        operation.Summary = isHead ? $"{declared.Summary}: only the headers" : declared.Summary;
        var scope = metadata.OfType<EndpointDefinition>().Single().PreBuiltUserPolicies!.Single();
        operation.Description = $"{declared.Description} Needs the scope `{scope}`.";
        operation.Security = [new() { [new OpenApiSecuritySchemeReference(OpenApiDocuments.Bearer, document)] = [] }];
        operation.Tags = new HashSet<OpenApiTagReference> { new(surface.Tag, document) };
        operation.Parameters ??= [];
        foreach (var parameter in declared.Parameters)
        {
            foreach (var same in operation.Parameters.Where(other => other.Name == parameter.Name).ToList())
                operation.Parameters.Remove(same);
            operation.Parameters.Add(Describe(parameter, document));
        }

        if (declared.Body is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [body.Format.MediaType] = new OpenApiMediaType
                    {
                        Schema = ReferTo(body.Schema.Name, body.Schema.ToSchema, document),
                    },
                },
            };
        }

        if (declared.Streams.Count > 0)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = declared.Streams.ToDictionary(format => format.MediaType, _ => Text()),
            };
        }

        var generated = operation.Responses!;
        operation.Responses = [];
        foreach (var (status, description) in declared.Responses)
        {
            operation.Responses.Add($"{status}", new OpenApiResponse
            {
                Description = description,
                Headers = Describe(
                    [.. declared.Headers.Where(header => header.Status == status).Select(header => header.Header)]),
                Content = isHead ? null : Content(generated[$"{status}"].Content),
            });
        }

        var groups = Problems(declared, surface).GroupBy(type => StatusOf(type, isClassic)).OrderBy(group => group.Key);
        foreach (var problems in groups)
        {
            var schema = await SchemaOfAsync(
                !isClassic ? typeof(ProblemResponse)
                : problems.Key == 422 ? typeof(ClassicValidationErrors)
                : typeof(ClassicDetail));
            var response = new OpenApiResponse
            {
                Description = string.Join(" Or: ", problems.Select(type => type.Meaning)),
                Headers = Describe(HeadersOf(problems.First(), declared)),
                Content = isHead ? null : new Dictionary<string, OpenApiMediaType>
                {
                    [surface.ErrorMediaType] = new()
                    {
                        Schema = schema,
                        Example = isClassic && problems.Key != 422
                            ? new JsonObject { ["detail"] = ClassicErrors.DetailOf(problems.First()) }
                            : null,
                        Examples = isClassic
                            ? null
                            : ProblemExamples.Of(problems, declared, $"/{context.Description.RelativePath}", scope),
                    },
                },
            };
            operation.Responses.Add($"{problems.Key}", isHead || !problems.All(Shared.Contains) ? response : Share(
                $"{(isClassic ? "Classic" : "")}{NameOf(problems.Single())}", response));
        }

        // A route that responds in JSON alone, or not at all, has what was generated.
        IDictionary<string, OpenApiMediaType>? Content(IDictionary<string, OpenApiMediaType>? json) =>
            declared.MediaTypes is ["application/json"] ? json
                : declared.MediaTypes.ToDictionary(type => type, type => json!.TryGetValue(type, out var same) ? same : Text());

        IOpenApiResponse Share(string name, OpenApiResponse response)
        {
            if (document.Components?.Responses?.ContainsKey(name) != true)
                document.AddComponent(name, response);
            return new OpenApiResponseReference(name, document);
        }

        async Task<IOpenApiSchema> SchemaOfAsync(Type type)
        {
            var name = type.Name.Replace("Response", "", StringComparison.Ordinal);
            if (document.Components?.Schemas?.ContainsKey(name) != true)
            {
                var schema = await context.GetOrCreateSchemaAsync(type, null, cancellationToken);
                foreach (var list in schema.Properties?.Values.OfType<OpenApiSchema>().Where(IsListOfObjects) ?? [])
                    list.Items = await SchemaOfAsync(ErrorTypes[type]);
                document.AddComponent(name, schema);
            }

            return new OpenApiSchemaReference(name, document);
        }
    }

    private static OpenApiMediaType Text() => new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    // The name of a component: TooManyRequests for too-many-requests.
    private static string NameOf(ProblemType type) =>
        string.Concat(type.Slug.Split('-').Select(Capitalize));

    private static string Capitalize(string word) => $"{char.ToUpperInvariant(word[0])}{word[1..]}";

    private static bool IsListOfObjects(OpenApiSchema schema) => schema.Items?.Type == JsonSchemaType.Object;

    // The problems of this route and those of every route.
    private static IEnumerable<ProblemType> Problems(Operation declared, ApiSurface surface)
    {
        var problems = declared.Problems.Concat([
            ProblemType.Unauthorized, ProblemType.Forbidden, ProblemType.RequestTimeout, ProblemType.Misdirected,
            ProblemType.TooManyRequests, ProblemType.InternalError, ProblemType.Unavailable]);
        if (surface.IsStrict)
            problems = problems.Append(ProblemType.NotAcceptable);
        var hasBody = declared.Body is not null || declared.Streams.Count > 0;
        if (hasBody)
            problems = problems.Append(ProblemType.PayloadTooLarge);
        if (hasBody && surface.IsStrict)
            problems = problems.Append(ProblemType.UnsupportedMediaType);
        return problems;
    }

    private static int StatusOf(ProblemType type, bool isClassic) =>
        isClassic && type == ProblemType.MalformedRequest ? ProblemType.InvalidUser.Status : type.Status;

    private static OperationHeader[] HeadersOf(ProblemType type, Operation declared) =>
        type == ProblemType.Unavailable || type == ProblemType.TooManyRequests ? [OperationHeader.RetryAfter]
        : type == ProblemType.Unauthorized || type == ProblemType.Forbidden ? [OperationHeader.WWWAuthenticate]
        : type == ProblemType.UnsupportedMediaType && declared.Body?.Format == BodyFormat.MergePatch
            ? [OperationHeader.AcceptPatch]
        : [];

    private static Dictionary<string, IOpenApiHeader>? Describe(OperationHeader[] headers) => headers.Length == 0 ? null
        : headers.ToDictionary(header => header.Name, IOpenApiHeader (header) => new OpenApiHeader
        {
            Description = header.Description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = header.Example,
        });

    private static OpenApiParameter Describe(RequestParameter parameter, OpenApiDocument document) => new()
    {
        Name = parameter.Name,
        In = Enum.Parse<ParameterLocation>(parameter.In, ignoreCase: true),
        Description = parameter.Description,
        Required = parameter.Required,
        Schema = parameter.Values is { } values
            ? ReferTo(Capitalize(parameter.Name), () => EnumerationOf(values), document)
            : new OpenApiSchema
            {
                Type = Enum.Parse<JsonSchemaType>(parameter.Type, ignoreCase: true),
                Format = parameter.Format,
                Minimum = parameter.Minimum,
                Maximum = parameter.Maximum,
            },
    };

    private static OpenApiSchema EnumerationOf(string[] values) => new() { Type = JsonSchemaType.String, Enum = [.. values] };

    // In place, client generators would create a separate type for each operation.
    private static OpenApiSchemaReference ReferTo(string name, Func<OpenApiSchema> create, OpenApiDocument document)
    {
        if (document.Components?.Schemas?.ContainsKey(name) != true)
            document.AddComponent(name, create());
        return new(name, document);
    }
}
