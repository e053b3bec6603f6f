using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using CsvHelper.Configuration;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;

namespace UserCqrs.Web.Http.Bulk;

/// <summary>
/// Reads users as CSV in UTF-8 (RFC 4180) with a header. The columns are the members of a user; <c>attributes.plan</c> is the
/// attribute <c>plan</c>. An empty cell is a member that is not given.
/// </summary>
internal static class CsvUsers
{
    /// <summary>What the names of columns with one attribute start with.</summary>
    private const string AttributePrefix = "attributes.";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async IAsyncEnumerable<UserLine> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isMalformed = false;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            BadDataFound = _ => isMalformed = true,
            MaxFieldSize = UserLines.MaxLine,
            LineBreakInQuotedFieldIsBadData = false,
        };
        using var text = new StreamReader(stream, StrictUtf8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        using var parser = new CsvParser(text, configuration, leaveOpen: true);
        var columns = await ReadAsync(parser, 1) ? CheckHeader(parser.Record!) : throw Unreadable(new(
            null, "csv.header", "There is no header. The first line must name the columns, such as name,email,externalId."));
        for (var number = parser.RawRow + 1; await ReadAsync(parser, number); number = parser.RawRow + 1)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var cells = parser.Record!; // which finds out whether it is malformed
            yield return isMalformed ? UserLine.Invalid(number, Malformed)
                : parser.Count != columns.Length ? UserLine.Invalid(number, new InputError(
                    null, "csv.fieldCount", $"The line has {parser.Count} fields, but the header has {columns.Length}."))
                : Read(number, columns, cells);
            isMalformed = false;
        }
    }

    private static readonly InputError Malformed = new(
        null, "csv.malformed", "A quotation mark is at the wrong place. Put the whole field in quotation marks, and double those "
        + "inside it.");

    private static async Task<bool> ReadAsync(CsvParser parser, long line)
    {
        try
        {
            return await parser.ReadAsync();
        }
        catch (DecoderFallbackException)
        {
            throw Unreadable(new(null, "body.notUtf8", "The text is not UTF-8 from about here on. Save the file as CSV UTF-8.", Line: line));
        }
        catch (MaxFieldSizeException)
        {
            throw Unreadable(new(null, "line.tooLong", $"A field has more than {UserLines.MaxLine / 1024} KiB. A quotation mark may "
                + "be missing at its end.", Line: line));
        }
    }

    private static UnreadableImportException Unreadable(InputError error) => new(error);

    private static string[] CheckHeader(string[] columns)
    {
        columns = [.. columns.Select((column, i) => (i == 0 ? column.TrimStart('\uFEFF') : column).Trim())];
        var allowed = UserField.NamesOf(ApiSurface.V1).Concat(UserBody.ReadOnlyMembers).ToList();
        var unknown = columns.FirstOrDefault(column => !allowed.Contains(column)
            && !(column.StartsWith(AttributePrefix, StringComparison.Ordinal) && column.Length > AttributePrefix.Length));
        var problem = unknown is not null
                ? $"There is no column {Shown(unknown)}. The columns are {string.Join(", ", allowed)} and attributes.<path>, separated by "
                    + "commas."
            : columns.Distinct().Count() < columns.Length ? "A column occurs twice."
            : UserField.All.FirstOrDefault(field => field.IsRequired && !columns.Contains(field.Name)) is { } missing
                ? $"The column {missing.Name} is missing."
            : columns.Contains("attributes") && columns.Any(column => column.StartsWith(AttributePrefix, StringComparison.Ordinal))
                ? "The columns attributes and attributes.<path> exclude each other."
            : null;
        return problem is null ? columns : throw Unreadable(new(null, "csv.header", problem, Line: 1));
    }

    private static string Shown(string column) => column.Length <= 40 && !column.Any(char.IsControl) ? $"'{column}'" : "of this name";

    private static UserLine Read(long number, string[] columns, string[] cells)
    {
        var input = new UserInput();
        var attributes = new JsonObject();
        var errors = new List<InputError>();
        for (var i = 0; i < columns.Length; i++)
        {
            var cell = SpreadsheetCell.Unescape(cells[i]);
            if (cell.Length == 0)
                continue;
            if (columns[i].StartsWith(AttributePrefix, StringComparison.Ordinal))
                Set(attributes, columns[i][AttributePrefix.Length..].Split('.'), cell, errors);
            else if (UserField.All.FirstOrDefault(field => field.Name == columns[i]) is { } field)
                input = Set(input, field, cell, errors);
        }

        if (attributes.Count > 0)
            input = input with { Attributes = attributes.ToJsonString(Relaxed) };
        return new(number, input with { Unreadable = errors }, []);
    }

    private static UserInput Set(UserInput input, UserField field, string cell, List<InputError> errors)
    {
        if (field.Type == JsonType.String)
            return field.Set(input, cell);
        if (field.Type == JsonType.Boolean && bool.TryParse(cell, out var flag))
            return field.Set(input, flag ? "true" : "false");
        if (field.Type == JsonType.Object && UserBody.IsObject(cell))
            return field.Set(input, cell);
        errors.Add(new(field.Name, $"{field.Name}.type", $"The {field.Name} must be {field.Type.Name}."));
        return input;
    }

    // A number, true or false, or other JSON is meant as such; everything else is a string.
    private static void Set(JsonObject attributes, string[] path, string cell, List<InputError> errors)
    {
        var parent = attributes;
        foreach (var name in path[..^1])
        {
            parent[name] ??= new JsonObject();
            if (parent[name] is not JsonObject child)
            {
                errors.Add(new("attributes", "attributes.duplicate", $"Both {name} and a member of it are given."));
                return;
            }

            parent = child;
        }

        parent[path[^1]] = Parse(cell);
    }

    private static JsonNode? Parse(string cell)
    {
        try
        {
            return JsonNode.Parse(cell);
        }
        catch (JsonException)
        {
            return JsonValue.Create(cell);
        }
    }
}
