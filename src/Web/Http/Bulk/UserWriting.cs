using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using CsvHelper;
using UserCqrs.Application.Users;
using UserCqrs.Web.Endpoints;

namespace UserCqrs.Web.Http.Bulk;

/// <summary>Writes many users in the formats that an import reads.</summary>
internal static class UserWriting
{
    private const int FlushAt = 32 * 1024;

    private static readonly string[] Columns =
        ["id", "externalId", "name", "email", "active", "attributes", "createdAt", "updatedAt"];

    /// <summary>Writes newline-delimited JSON.</summary>
    public static async Task WriteNdjsonAsync(
        IAsyncEnumerable<UserDto> users, PipeWriter writer, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(
            writer, new() { Encoder = ApiJson.Default.Options.Encoder, SkipValidation = true });
        await foreach (var user in users.WithCancellation(cancellationToken))
        {
            JsonSerializer.Serialize(json, Responses.ToUser(user), ApiJson.Default.UserResponse);
            json.Flush();
            json.Reset();
            writer.Write("\n"u8);
            if (writer.UnflushedBytes >= FlushAt)
                await writer.FlushAsync(cancellationToken);
        }

        await writer.FlushAsync(cancellationToken);
    }

    /// <summary>Writes CSV.</summary>
    public static async Task WriteCsvAsync(
        IAsyncEnumerable<UserDto> users, Stream stream, CancellationToken cancellationToken)
    {
        await using var csv = new CsvWriter(new StreamWriter(stream, leaveOpen: true), CultureInfo.InvariantCulture);
        Array.ForEach(Columns, csv.WriteField);
        await csv.NextRecordAsync();
        await foreach (var user in users.WithCancellation(cancellationToken))
        {
            csv.WriteField(user.Id);
            csv.WriteField(SpreadsheetCell.Escape(user.ExternalId ?? ""));
            csv.WriteField(SpreadsheetCell.Escape(user.Name));
            csv.WriteField(SpreadsheetCell.Escape(user.Email));
            csv.WriteField(user.Active ? "true" : "false");
            csv.WriteField(user.Attributes);
            csv.WriteField(Rfc3339Converter.Format(user.CreatedAt));
            csv.WriteField(Rfc3339Converter.Format(user.UpdatedAt));
            await csv.NextRecordAsync();
        }
    }
}
