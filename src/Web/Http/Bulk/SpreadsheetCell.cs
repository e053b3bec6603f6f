namespace UserCqrs.Web.Http.Bulk;

/// <summary>
/// Makes cells of CSV harmless that a spreadsheet would run as a formula: those that begin with =, +, -, @, a tab or a carriage
/// return get an apostrophe before it (OWASP, "CSV Injection"). Reading removes it, so that an export can be imported.
/// </summary>
internal static class SpreadsheetCell
{
    private const char Guard = '\'';

    private const string Formula = "=+-@\t\r\uFF1D\uFF0B\uFF0D\uFF20"; // the last ones are the same in full width

    public static string Escape(string text) => IsGuardedOrFormula(text) ? Guard + text : text;

    public static string Unescape(string text) =>
        text.Length > 1 && text[0] == Guard && IsGuardedOrFormula(text[1..]) ? text[1..] : text;

    // Texts that begin with apostrophes and then like a formula get one more, or reading would remove one of their own.
    private static bool IsGuardedOrFormula(string text) =>
        text.AsSpan().TrimStart(Guard) is { IsEmpty: false } rest && Formula.Contains(rest[0]);
}
