using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using UserCqrs.Web.Http;

namespace UserCqrs.Web.OpenApi;

/// <summary>The schema of a body with the data of a user, built from <see cref="UserField.All"/>.</summary>
/// <param name="Name">The name of the schema in the document.</param>
/// <param name="Surface">The API surface. It determines the members, and whether other members are errors.</param>
/// <param name="IsComplete">Whether required members must be given.</param>
/// <param name="Example">An example in JSON.</param>
internal sealed record UserBodySchema(string Name, ApiSurface Surface, bool IsComplete, string Example)
{
    public static readonly UserBodySchema Complete =
        new("UserFields", ApiSurface.V1, IsComplete: true, """{"name":"Ann Lee","email":"Ann@example.org"}""");

    public static readonly UserBodySchema Partial =
        new("UserPatch", ApiSurface.V1, IsComplete: false, """{"name":"Ann Lee-Ortiz"}""");

    public static readonly UserBodySchema Classic =
        new("ClassicUserFields", ApiSurface.Classic, IsComplete: true, """{"name":"Cleo","email":"cleo@example.org"}""");

    public OpenApiSchema ToSchema()
    {
        var fields = UserField.Of(Surface);
        return new()
        {
            Type = JsonSchemaType.Object,
            Description = (IsComplete ? "The fields of a user." : "The fields of a user, all optional.")
                + (Surface.IsStrict ? "" : " Other members are ignored.")
                + " White space around them is removed before they are checked.",
            Properties = fields.ToDictionary(field => field.Name, IOpenApiSchema (field) => Describe(field)),
            Required = IsComplete ? fields.Where(field => field.IsRequired).Select(field => field.Name).ToHashSet() : null,
            AdditionalPropertiesAllowed = !Surface.IsStrict,
            Examples = [JsonNode.Parse(Example)!],
        };
    }

    private static OpenApiSchema Describe(UserField field) => new()
    {
        Type = field.IsNullable ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String,
        Description = field.Description,
        MinLength = 1,
        MaxLength = field.MaxLength,
        Format = field.Format,
        Pattern = field.Pattern,
    };
}
