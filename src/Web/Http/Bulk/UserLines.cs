using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Application.Users.Importing;

namespace UserCqrs.Web.Http.Bulk;

/// <summary>A format of many users: how it is read line by line.</summary>
/// <param name="Body">The format of a body.</param>
/// <param name="ReadAsync">
/// Reads the lines of a stream as they arrive. Throws <see cref="UnreadableImportException"/> if no further line can be read.
/// </param>
internal sealed record UserLines(BodyFormat Body, Func<Stream, CancellationToken, IAsyncEnumerable<UserLine>> ReadAsync)
{
    public static readonly UserLines Ndjson = new(new("application/x-ndjson"), NdjsonReader.ReadAsync);

    public static readonly UserLines Csv = new(new("text/csv"), CsvUsers.ReadAsync);

    public static readonly UserLines[] All = [Ndjson, Csv];

    /// <summary>The maximum size of one line in octets, that of any body.</summary>
    public static readonly int MaxLine = (int)ApiSurface.V1.MaxBody;
}

/// <summary>A line that was read: the data of a user, or the errors it has instead.</summary>
/// <param name="Number">The number of the line, starting at 1.</param>
/// <param name="Input">The data; <c>null</c> if there are errors.</param>
/// <param name="Errors">The errors of the line as a whole.</param>
internal sealed record UserLine(long Number, UserInput? Input, IReadOnlyList<InputError> Errors)
{
    public static UserLine Invalid(long number, params IReadOnlyList<InputError> errors) => new(number, null, errors);

    /// <summary>Checks the data by the rules for users.</summary>
    public ImportLine Check(ImportLineCheck rules, ImportOptions options) =>
        Input is null ? ImportLine.Invalid(Number, Errors) : rules.Check(Number, Input, options);
}

/// <summary>The rest of an import cannot be read, because it is not text in the format.</summary>
internal sealed class UnreadableImportException(InputError error) : Exception(error.Detail)
{
    public InputError Error { get; } = error;
}
