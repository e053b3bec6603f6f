using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using UserCqrs.Web.Endpoints.Classic;
using UserCqrs.Web.Endpoints.V1;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>All types that the service writes as JSON, serialized without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(UserResponse))]
[JsonSerializable(typeof(UserPageResponse))]
[JsonSerializable(typeof(UserLookupResponse))]
[JsonSerializable(typeof(ChangeResponse))]
[JsonSerializable(typeof(ChangePageResponse))]
[JsonSerializable(typeof(UserChangePageResponse))]
[JsonSerializable(typeof(ImportedLineResponse))]
[JsonSerializable(typeof(ImportTotalsResponse))]
[JsonSerializable(typeof(ProblemResponse))]
[JsonSerializable(typeof(ClassicUser))]
[JsonSerializable(typeof(IAsyncEnumerable<ClassicUser>))]
[JsonSerializable(typeof(ClassicDetail))]
[JsonSerializable(typeof(ClassicValidationErrors))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(long))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    static ApiJson() => Default = new ApiJson(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        // Does not escape non-ASCII letters. That is safe, because this JSON is never embedded in a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>Writes a text that is JSON as it is.</summary>
internal sealed class RawJsonConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonElement.ParseValue(ref reader).GetRawText();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value, skipInputValidation: true);
}

/// <summary>Writes RFC 3339 in UTC with six digits of fractional seconds, so that sorting the text sorts by time.</summary>
internal sealed class Rfc3339Converter : JsonConverter<DateTimeOffset>
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>The text of a time.</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[27];
        value.UtcDateTime.TryFormat(text, out var length, Pattern, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
