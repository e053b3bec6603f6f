using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using UserCqrs.Web.Endpoints.Classic;
using UserCqrs.Web.Endpoints.V1;
using UserCqrs.Web.Http;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.OpenApi;

/// <summary>Adds limits, formats and examples, which types do not express, to the schemas.</summary>
internal sealed class SchemaTransformer : IOpenApiSchemaTransformer
{
    private const string StoredAnn = """
        {"id":42,"externalId":"hr-0042","name":"Ann Lee","email":"Ann@example.org","active":true,
         "attributes":{"plan":"pro","address":{"city":"Bern"}},
         "createdAt":"2026-11-22T07:00:00.123456Z","updatedAt":"2026-11-22T07:00:00.123456Z"}
        """;

    private const string Change = $$"""
        {"id":7,"type":"user.created","userId":42,"version":1,"at":"2026-11-22T07:00:00.123456Z","by":"key:i8k9mT4G",
         "user":{{StoredAnn}}}
        """;

    private static readonly Dictionary<Type, string> Examples = new()
    {
        [typeof(UserResponse)] = StoredAnn,
        [typeof(UserPageResponse)] = $$"""{"items":[{{StoredAnn}}],"next":"AQ"}""",
        [typeof(UserLookupResponse)] =
            $$$"""{"items":[{{{StoredAnn}}}],"missing":{"ids":[43],"emails":[],"externalIds":["hr-0043"]}}""",
        [typeof(ChangeResponse)] = Change,
        [typeof(ChangePageResponse)] = $$"""{"items":[{{Change}}],"next":"AQ","more":false}""",
        [typeof(UserChangePageResponse)] = $$"""{"items":[{{Change}}]}""",
        [typeof(ImportTotalsResponse)] =
            """{"lines":3,"created":2,"updated":0,"unchanged":0,"skipped":0,"conflict":1,"invalid":0}""",
        [typeof(ClassicUser)] = """{"id":42,"name":"Ann Lee","email":"Ann@example.org"}""",
        [typeof(ClassicUser[])] = """[{"id":42,"name":"Ann Lee","email":"Ann@example.org"}]""",
        [typeof(ClassicDetail)] = """{"detail":"User deleted"}""",
        [typeof(ClassicValidationErrors)] = """{"detail":[{"type":"missing","loc":["body","email"],"msg":"Field required"}]}""",
        [typeof(ProblemResponse)] = """
            {"type":"/problems/user-not-found","title":"User not found","status":404,"detail":"User not found",
             "instance":"/v1/users/42","traceId":"4bf92f3577b34da6a3ce929d0e0e4736"}
            """,
    };

    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (context.JsonPropertyInfo is { } property)
            Limit(schema, property.DeclaringType, property.Name);
        else if (Examples.TryGetValue(type, out var example))
            schema.Examples = [JsonNode.Parse(example)!];

        // A property that is left out when it is null is optional, and its value is never null.
        foreach (var optional in context.JsonTypeInfo.Properties.Where(IsLeftOut))
            schema.Required?.Remove(optional.Name);
        if (context.JsonPropertyInfo is null || IsLeftOut(context.JsonPropertyInfo) || !context.JsonPropertyInfo.IsGetNullable)
            schema.Type &= ~JsonSchemaType.Null;
        return Task.CompletedTask;
    }

    private static bool IsLeftOut(JsonPropertyInfo property) =>
        property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), inherit: false) == true;

    private static void Limit(OpenApiSchema schema, Type owner, string property)
    {
        if (owner == typeof(ClassicValidationError) && property == "loc")
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Integer };
        else if (owner == typeof(ClassicValidationError) && property == "type")
            schema.Enum = [.. ClassicErrors.ErrorTypes];
        else if (owner == typeof(ProblemResponse) && property == "type")
            schema.Enum = [.. ProblemType.All.Select(type => type.Uri)];
        else if (owner == typeof(ProblemError) && property == "code")
            schema.Enum = [.. ErrorCodes.All.Keys];
        else if (schema.Format == "date-time")
            schema.Type = JsonSchemaType.String;
        else if (property is "id" or "userId" or "version")
            schema.Minimum = "1";
        else if (UserField.All.FirstOrDefault(field => field.Name == property) is { } field)
        {
            (schema.Format, schema.MaxLength) = (field.Format, field.MaxLength);
            schema.MinLength = field.MaxLength is null ? null : 1;
            schema.Type ??= field.Type.SchemaType;
            schema.AdditionalProperties = field.Type == JsonType.Object ? new OpenApiSchema() : null;
        }
    }
}
