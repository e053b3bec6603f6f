using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using UserCqrs.Web.Http;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.OpenApi;

/// <summary>The schema of a body with the data of a user, built from <see cref="UserField.All"/>.</summary>
/// <param name="Name">The name of the schema in the document.</param>
/// <param name="Surface">The API surface. It determines the members, and whether other members are errors.</param>
/// <param name="IsComplete">Whether required members must be given.</param>
/// <param name="Example">An example in JSON.</param>
internal sealed record UserBodySchema(string Name, ApiSurface Surface, bool IsComplete, string Example) : BodySchema(Name)
{
    public static readonly UserBodySchema Complete =
        new("UserFields", ApiSurface.V1, IsComplete: true,
            """{"name":"Ann Lee","email":"Ann@example.org","externalId":"hr-0042","attributes":{"plan":"pro"}}""");

    public static readonly UserBodySchema Partial =
        new("UserPatch", ApiSurface.V1, IsComplete: false, """{"name":"Ann Lee-Ortiz","attributes":{"plan":null}}""");

    public static readonly UserBodySchema Classic =
        new("ClassicUserFields", ApiSurface.Classic, IsComplete: true, """{"name":"Cleo","email":"cleo@example.org"}""");

    public override IEnumerable<ProblemType> Problems =>
        ProblemType.Conflicts.Where(conflict => UserField.NamesOf(Surface).Contains(conflict.Key.Split('.')[0]))
            .Select(conflict => conflict.Value).Prepend(ProblemType.InvalidUser);

    public override OpenApiSchema ToSchema()
    {
        var fields = UserField.Of(Surface);
        return new()
        {
            Type = JsonSchemaType.Object,
            Description = (IsComplete ? "The fields of a user." : "The fields of a user, all optional.")
                + (Surface.IsStrict ? "" : " Other members are ignored.")
                + " White space around name and email is removed before they are checked.",
            Properties = fields.ToDictionary(field => field.Name, IOpenApiSchema (field) => Describe(field)),
            Required = IsComplete ? fields.Where(field => field.IsRequired).Select(field => field.Name).ToHashSet() : null,
            AdditionalPropertiesAllowed = !Surface.IsStrict,
            Examples = [JsonNode.Parse(Example)!],
        };
    }

    private static OpenApiSchema Describe(UserField field) => new()
    {
        Type = field.IsNullable ? field.Type.SchemaType | JsonSchemaType.Null : field.Type.SchemaType,
        Description = field.Description,
        AdditionalProperties = field.Type == JsonType.Object ? new OpenApiSchema() : null,
        MinLength = field.MaxLength is null ? null : 1,
        MaxLength = field.MaxLength,
        Format = field.Format,
        Pattern = field.Pattern,
    };
}
