using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.OpenApi;

/// <summary>The schema of a body with the keys of a look-up.</summary>
internal sealed record LookUpBodySchema() : BodySchema("UserLookupKeys")
{
    public static readonly LookUpBodySchema Instance = new();

    public override IEnumerable<ProblemType> Problems => [ProblemType.InvalidLookup];

    public override OpenApiSchema ToSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = $"The keys of users, 1 to {LookUpUsers.MaxKeys} in all.",
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["ids"] = ArrayOf("Ids of users.", new() { Type = JsonSchemaType.Integer, Format = "int64" }),
            ["emails"] = ArrayOf(
                "E-mail addresses, regardless of case.",
                new() { Type = JsonSchemaType.String, MaxLength = EmailAddress.MaxLength }),
            ["externalIds"] = ArrayOf(
                "External ids.", new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = ExternalId.MaxLength }),
        },
        AdditionalPropertiesAllowed = false,
        Examples = [JsonNode.Parse("""{"ids":[42,43],"emails":["cleo@example.org"],"externalIds":["hr-0043"]}""")!],
    };

    private static OpenApiSchema ArrayOf(string description, OpenApiSchema items) => new()
    {
        Type = JsonSchemaType.Array,
        Description = description,
        Items = items,
        MaxItems = LookUpUsers.MaxKeys,
    };
}
