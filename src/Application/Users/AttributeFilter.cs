using System.Linq.Expressions;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>
/// Selects users by the value of one attribute. A string, a number and a boolean are never equal to each other.
/// </summary>
/// <param name="Path">The names of members, separated by dots; see <see cref="IndexedAttributes"/>.</param>
/// <param name="Value">
/// The value: a JSON number, string or boolean; other text is a string as it stands. So <c>3</c> is a number, and <c>"3"</c> and
/// <c>pro</c> are strings. Numbers are compared as doubles.
/// </param>
public sealed record AttributeFilter(string Path, string Value)
{
    private static readonly MethodInfo Attribute = typeof(UserFunctions).GetMethod(nameof(UserFunctions.Attribute))!;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Attributes that have just this one, as JSON. A database takes the value out of them as out of a user's, so that both are
    /// compared in the same form. <c>null</c> if no attribute has such a value.
    /// </summary>
    internal string? Example()
    {
        if (ReadValue() is not { } value)
            return null;
        JsonNode node = value;
        foreach (var name in Path.Split('.').Reverse())
            node = new JsonObject { [name] = node };
        return node.ToJsonString(Relaxed);
    }

    /// <summary>
    /// The condition. The path is a constant in it, which the index of the path needs; the value is a parameter.
    /// </summary>
    internal Expression<Func<User, bool>> Matches()
    {
        Expression<Func<string>> example = () => Example()!;
        var user = Expression.Parameter(typeof(User), "user");
        return Expression.Lambda<Func<User, bool>>(
            Expression.Equal(ValueIn(Expression.Property(user, nameof(User.Attributes))), ValueIn(example.Body)), user);

        MethodCallExpression ValueIn(Expression attributes) =>
            Expression.Call(Attribute, attributes, Expression.Constant(Path));
    }

    private JsonValue? ReadValue()
    {
        var text = Value.Trim();
        if (!Text.IsInterchangeable(Value) || Value.Contains('\0', StringComparison.Ordinal))
            return null;
        if (text.Length == 0)
            return null;
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind switch
            {
                JsonValueKind.String => TextOf(json.RootElement.GetString()!),
                JsonValueKind.Number => NumberOf(json.RootElement),
                JsonValueKind.True => JsonValue.Create(true),
                JsonValueKind.False => JsonValue.Create(false),
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter for half a surrogate pair
        {
            return text.StartsWith('"') ? null : TextOf(Value);
        }
    }

    private static JsonValue? TextOf(string text) =>
        Text.IsLonger(text, IndexedAttributes.MaxValueLength) || !Text.IsInterchangeable(text)
            || text.Contains('\0', StringComparison.Ordinal)
            ? null
            : JsonValue.Create(text);

    private static JsonValue? NumberOf(JsonElement number) =>
        UserAttributes.Allows(number) ? JsonValue.Create(number.Clone()) : null;
}
