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
        "--format", "The format; by default that of the name of the file, or ndjson.", "ndjson", "csv");

    public static UserLines FormatOf(ParseResult parsed, string file) => parsed.GetValue(Format) switch
    {
        "csv" => UserLines.Csv,
        null when file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) => UserLines.Csv,
        _ => UserLines.Ndjson,
    };

    /// <summary>An option with one of a few values.</summary>
    public static Option<string?> OneOf(string name, string description, params string[] allowed)
    {
        var option = new Option<string?>(name) { Description = $"{description} One of {string.Join(", ", allowed)}." };
        option.CompletionSources.Add(allowed);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !allowed.Contains(token.Value))
                result.AddError($"{name} must be {string.Join(" or ", allowed)}. {Spelling.Suggest(token.Value, allowed)}");
        });
        return option;
    }
}
