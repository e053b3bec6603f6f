using System.CommandLine;
using UserCqrs.Web.Http.Bulk;

namespace UserCqrs.Web.CommandLine;

/// <summary>The file of an import or an export.</summary>
internal static class BulkFile
{
    /// <summary>The name that stands for standard input or output.</summary>
    public const string Stdio = "-";

    /// <summary>In what progress is counted.</summary>
    public const string Unit = "KiB";

    public const int OctetsInUnit = 1024;

    public static readonly Option<string?> Format = OneOf(
        "--format", "The format; by default that of the name of the file, and ndjson for -.", "ndjson", "csv");

    /// <exception cref="UsageException">Neither the option nor the name of the file tells the format.</exception>
    public static UserLines FormatOf(ParseResult parsed, string file) =>
        (parsed.GetValue(Format) ?? (file == Stdio ? ".ndjson" : Path.GetExtension(file)).ToLowerInvariant()) switch
        {
            "csv" or ".csv" => UserLines.Csv,
            "ndjson" or ".ndjson" or ".jsonl" or ".json" => UserLines.Ndjson,
            _ => throw new UsageException(
                $"The name of {file} does not tell the format. Add --format csv or --format ndjson. Compressed files must be "
                + "piped through gunzip or gzip."),
        };

    /// <summary>An option with one of a few values.</summary>
    public static Option<string?> OneOf(string name, string description, params string[] allowed)
    {
        var option = new Option<string?>(name) { Description = $"{description} One of {string.Join(", ", allowed)}." };
        option.CompletionSources.Add(allowed);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !allowed.Contains(token.Value))
                result.AddError($"{name} must be {Choice(allowed)}. {Spelling.Suggest(token.Value, allowed)}");
        });
        return option;
    }

    /// <summary>Enumerates what may be chosen: a, b or c.</summary>
    public static string Choice(IReadOnlyCollection<string> allowed) =>
        $"{string.Join(", ", allowed.SkipLast(1))} or {allowed.Last()}";
}
