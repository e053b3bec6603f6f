using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace UserCqrs.Limit;

/// <summary>Writes the octets that the service writes.</summary>
internal static class UserJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static ReadOnlyMemory<byte> Of(User user)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options))
            Write(json, user);
        return buffer.WrittenMemory;
    }

    /// <summary>A page of the first <paramref name="limit"/>; one user more says that there is a next page.</summary>
    public static ReadOnlyMemory<byte> Of(List<User> users, int limit)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("items"u8);
            for (var i = 0; i < users.Count && i < limit; i++)
                Write(json, users[i]);
            json.WriteEndArray();
            if (users.Count > limit)
                json.WriteString("next"u8, Cursor.At(users[limit - 1].Id));
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    public static (string Name, string Email) Read(Utf8JsonReader json)
    {
        string name = "", email = "";
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName)
                continue;
            var isName = json.ValueTextEquals("name"u8);
            json.Read();
            if (isName)
                name = json.GetString()!;
            else
                email = json.GetString()!;
        }

        return (name, email);
    }

    private static void Write(Utf8JsonWriter json, User user)
    {
        json.WriteStartObject();
        json.WriteNumber("id"u8, user.Id);
        json.WriteNull("externalId"u8);
        json.WriteString("name"u8, user.Name);
        json.WriteString("email"u8, user.Email);
        json.WriteBoolean("active"u8, true);
        json.WriteStartObject("attributes"u8);
        json.WriteEndObject();
        WriteTime(json, "createdAt"u8, user.CreatedAt);
        WriteTime(json, "updatedAt"u8, user.UpdatedAt);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, long microseconds)
    {
        Span<byte> text = stackalloc byte[27];
        DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond)
            .TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }
}
