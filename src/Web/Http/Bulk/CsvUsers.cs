using System.Runtime.CompilerServices;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;

namespace UserCqrs.Web.Http.Bulk;

/// <summary>
/// Reads users as CSV in UTF-8 (RFC 4180) with a header. The columns are the members of a user, or single attributes
/// (<see cref="AttributeColumns"/>). An empty cell is a member that is not given.
/// </summary>
internal sealed class CsvUsers
{
    private static readonly InputError Malformed = new(
        null, "csv.malformed", "A quotation mark is at the wrong place, or one is never closed. Put the whole field in quotation "
        + "marks, and double those inside it.");

    private readonly UserField?[] _fields;
    private readonly AttributeColumns _attributes;

    private CsvUsers(UserField?[] fields, AttributeColumns attributes) => (_fields, _attributes) = (fields, attributes);

    public static async IAsyncEnumerable<UserLine> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CsvUsers? users = null;
        await foreach (var record in CsvRecords.ReadAsync(stream, cancellationToken))
        {
            if (users is null)
                users = WithHeader(record.Cells);
            else
                yield return record.IsMalformed
                    ? UserLine.Invalid(record.Line, Malformed) : users.Read(record.Line, record.Cells);
        }

        if (users is null)
            throw new UnreadableImportException(new(
                null, "csv.header", "There is no header. The first line must name the columns, such as name,email,externalId."));
    }

    /// <exception cref="UnreadableImportException">The header is not valid.</exception>
    private static CsvUsers WithHeader(string[] header)
    {
        var names = UserField.NamesOf(ApiSurface.V1).Concat(UserBody.ReadOnlyMembers).ToList();
        var columns = header.Select(column => column.Trim()).ToList();
        var attributes = new AttributeColumns();
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].StartsWith(AttributeColumns.Prefix, StringComparison.Ordinal))
                Require(attributes.Add(columns[i], i));
            else if (columns[i].IndexOfAny([';', '\t']) is >= 0 and var separator)
                Require("The columns must be separated by commas, not by "
                    + (columns[i][separator] == ';' ? "semicolons." : "tabs."));
            else if (!names.Contains(columns[i]))
                Require($"There is no column {Shown(columns[i])}. The columns are {string.Join(", ", names)} and "
                    + $"attributes.<path>.{(Spelling.Nearest(columns[i], names) is { } near ? $" Did you mean {near}?" : "")}");
        }

        var fields = columns.Select(column => UserField.All.FirstOrDefault(field => field.Name == column)).ToArray();
        if (columns.GroupBy(column => column).FirstOrDefault(same => same.Count() > 1) is { } twice)
            Require($"The column {Shown(twice.Key)} occurs twice.");
        if (UserField.All.FirstOrDefault(field => field.IsRequired && !fields.Contains(field)) is { } missing)
            Require($"The column {missing.Name} is missing.");
        if (columns.Contains("attributes")
            && columns.Any(column => column.StartsWith(AttributeColumns.Prefix, StringComparison.Ordinal)))
            Require("Use either a column attributes or columns attributes.<path>, not both.");
        return new(fields, attributes);

        static void Require(string? problem)
        {
            if (problem is not null)
                throw new UnreadableImportException(new(null, "csv.header", problem, Line: 1));
        }
    }

    private static string Shown(string column) =>
        column.Length <= 40 && !column.Any(char.IsControl) ? $"'{column}'" : "of this name";

    private UserLine Read(long number, string[] cells)
    {
        if (cells.Length != _fields.Length)
            return UserLine.Invalid(number, new InputError(
                null, "csv.fieldCount", $"The line has {cells.Length} {(cells.Length == 1 ? "field" : "fields")}, but the header "
                + $"has {_fields.Length}."));
        for (var i = 0; i < cells.Length; i++)
            cells[i] = SpreadsheetCell.Unescape(cells[i]);
        var (input, errors) = (new UserInput(), new List<InputError>());
        for (var i = 0; i < cells.Length; i++)
        {
            if (_fields[i] is { } field && cells[i].Length > 0)
                input = Set(input, field, cells[i], errors);
        }

        if (_attributes.Read(cells) is { } attributes)
            input = input with { Attributes = attributes };
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
        errors.Add(new(field.Name, $"{field.Name}.type", $"{field.Name} must be {field.Type.Name}."));
        return input;
    }
}
