using System.Text;
using System.Text.Json;
using UserCqrs.Web.Http.Bulk;

namespace UserCqrs.IntegrationTests;

/// <summary>
/// CSV as RFC 4180 has it. tests/proofs/csv-suites.sh also reads the files of public test suites, in the folders that
/// <c>CSV_SUITES</c> names.
/// </summary>
public sealed class CsvRecordsTests
{
    public static readonly string[] Suites = Environment.GetEnvironmentVariable("CSV_SUITES")?.Split(':') ?? [];

    public static bool HasSuites => Suites.Length > 0;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a,b\n1,2", "1: a|b", "2: 1|2")]
    [InlineData("a,b\r\n1,2\r\n", "1: a|b", "2: 1|2")]
    [InlineData("a,b\n1,\n,2\n", "1: a|b", "2: 1|", "3: |2")]
    [InlineData("\"a, b\",c\n", "1: a, b|c")]
    [InlineData("\"\",\"\"\n", "1: |")]
    [InlineData("a,\"ha \"\"ha\"\" ha\"\n", "1: a|ha \"ha\" ha")]
    [InlineData("a,\"{\"\"b\"\": [102.0, 0.5]}\"", "1: a|{\"b\": [102.0, 0.5]}")]
    [InlineData("\"once upon\na time\",5\n7,8", "1: once upon\na time|5", "3: 7|8")]
    [InlineData("\"once upon\r\na time\",5\r\n7,8", "1: once upon\r\na time|5", "3: 7|8")]
    [InlineData(" a , b \n", "1:  a | b ")]
    [InlineData("\uFEFFʤ,김\n", "1: ʤ|김")]
    [InlineData("a,b\n\n1,2\n", "1: a|b", "3: 1|2")]
    [InlineData("a,b\n1,2\"\n3,4\n", "1: a|b", "2: malformed", "3: 3|4")]
    [InlineData("a,b\n\"1\"x,2\n3,4\n", "1: a|b", "2: malformed", "3: 3|4")]
    [InlineData("a,b\n1,\"2\n3,4\n", "1: a|b", "2: malformed")]
    public async Task Records_are_read_as_RFC_4180_has_them(string csv, params string[] expected) =>
        Assert.Equal(expected, (await ReadAsync(Encoding.UTF8.GetBytes(csv))).Select(Show));

    // An empty line is no record here, because a user has at least two fields.
    [Fact(Skip = "CSV_SUITES is not set: tests/proofs/csv-suites.sh sets it.", SkipUnless = nameof(HasSuites))]
    public async Task The_files_of_public_suites_are_read_as_they_say()
    {
        foreach (var file in Suites.SelectMany(folder => Directory.GetFiles(folder, "*.csv", SearchOption.AllDirectories)))
        {
            var records = await ReadAsync(await File.ReadAllBytesAsync(file, Cancelled));
            var expected = Path.Combine(
                Path.GetDirectoryName(file)!, "..", "json", Path.ChangeExtension(Path.GetFileName(file), ".json"));
            if (File.Exists(expected) && Path.GetFileName(file) != "location_coordinates.csv") // a bare quotation mark: not RFC 4180
                Assert.True(Expected(expected, records).SequenceEqual(records.Select(Show)), $"{file}: {Join(records)}");
            else if (!Path.GetFileName(file).StartsWith("bad-header-", StringComparison.Ordinal)) // the header is not looked at here
                Assert.True(records.Exists(record => record.IsMalformed), $"{file}: {Join(records)}");
        }

        static string Join(IEnumerable<CsvRecord> records) => string.Join('\n', records.Select(Show));
    }

    // Objects have the names of the header, which the records contain.
    private static IEnumerable<string> Expected(string file, List<CsvRecord> records)
    {
        var json = JsonElement.Parse(File.ReadAllText(file));
        var rows = json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : new[] { json }; // one file has one record
        var cells = rows.Select(row => row.ValueKind == JsonValueKind.Object
            ? string.Join('|', row.EnumerateObject().Select(cell => cell.Value.GetString()))
            : string.Join('|', row.EnumerateArray().Select(cell => cell.GetString()))).Where(row => row.Length > 0).ToList();
        if (records.Count == cells.Count + 1)
            cells.Insert(0, string.Join('|', records[0].Cells));
        return cells.Zip(records, (row, record) => $"{record.Line}: {row}");
    }

    private static async Task<List<CsvRecord>> ReadAsync(byte[] octets) =>
        await CsvRecords.ReadAsync(new MemoryStream(octets), Cancelled).ToListAsync(Cancelled);

    private static string Show(CsvRecord record) =>
        $"{record.Line}: {(record.IsMalformed ? "malformed" : string.Join('|', record.Cells))}";
}
