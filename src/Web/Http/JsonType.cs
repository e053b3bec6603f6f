using System.Text.Json;
using Microsoft.OpenApi;

namespace UserCqrs.Web.Http;

/// <summary>A type of JSON values.</summary>
/// <param name="Name">The type in a sentence, such as <c>a string</c>.</param>
/// <param name="SchemaType">The type in JSON Schema.</param>
/// <param name="Tokens">The tokens with which a value of the type begins.</param>
internal sealed record JsonType(string Name, JsonSchemaType SchemaType, params JsonTokenType[] Tokens)
{
    public static readonly JsonType String = new("a string", JsonSchemaType.String, JsonTokenType.String);

    public static readonly JsonType Boolean =
        new("true or false", JsonSchemaType.Boolean, JsonTokenType.True, JsonTokenType.False);

    public static readonly JsonType Object = new("an object", JsonSchemaType.Object, JsonTokenType.StartObject);
}
