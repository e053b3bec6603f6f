using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace UserCqrs.Web.Http.Bulk;

/// <summary>A record of a CSV.</summary>
/// <param name="Line">The line on which it starts, from 1 on. A quoted field may have several.</param>
/// <param name="Cells">Its fields, without quotation marks around them.</param>
/// <param name="IsMalformed">Whether a quotation mark is at a wrong place; the fields mean nothing then.</param>
internal readonly record struct CsvRecord(long Line, string[] Cells, bool IsMalformed);

/// <summary>Reads the records of a CSV in UTF-8 (RFC 4180) as they come, the header among them, in constant memory.</summary>
internal static class CsvRecords
{
    // A line has up to 64 KiB, and the reader is some buffers ahead.
    private static readonly int MaxAhead = 4 * UserLines.MaxLine;

    // A byte order mark is skipped.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    /// <exception cref="UnreadableImportException">The text is not UTF-8 from here on, or a line has no end.</exception>
    public static async IAsyncEnumerable<CsvRecord> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (isMalformed, ahead) = (false, 0L);
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            BadDataFound = _ => isMalformed = true,
            MaxFieldSize = UserLines.MaxLine,
            LineBreakInQuotedFieldIsBadData = false,
        };
        await using var bounded = new ObservedStream(stream, octets =>
        {
            if ((ahead += octets) > MaxAhead)
                throw new InvalidDataException("A line has no end."); // the parser would keep all of it in memory
        });
        using var text = new StreamReader(bounded, StrictUtf8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        using var parser = new CsvParser(text, configuration, leaveOpen: true);
        while (await ReadAsync(parser))
        {
            ahead = 0;
            cancellationToken.ThrowIfCancellationRequested();
            var cells = parser.Record!; // which finds out whether it is malformed
            yield return new(FirstLineOf(parser, cells, isMalformed), cells, isMalformed);
            isMalformed = false;
        }
    }

    // A last field that is never closed contains the end of its line.
    private static long FirstLineOf(CsvParser parser, string[] cells, bool isMalformed)
    {
        var record = parser.RawRecord.AsSpan().TrimStart("\r\n");
        var isOpen = isMalformed && cells[^1].EndsWith('\n');
        return parser.RawRow - (isOpen ? record : record.TrimEnd("\r\n")).Count('\n');
    }

    private static async Task<bool> ReadAsync(CsvParser parser)
    {
        var line = parser.RawRow + 1;
        try
        {
            return await parser.ReadAsync();
        }
        catch (DecoderFallbackException)
        {
            throw new UnreadableImportException(new(
                null, "body.notUtf8", "The text is not UTF-8 from about this line on. Save the file as CSV UTF-8.", Line: line));
        }
        catch (Exception e) when (e is MaxFieldSizeException or InvalidDataException)
        {
            throw new UnreadableImportException(new(
                null, "line.tooLong", $"A line has more than {UserLines.MaxLine / 1024} KiB. A quotation mark may be missing at "
                + "the end of a field.", Line: line));
        }
    }
}
