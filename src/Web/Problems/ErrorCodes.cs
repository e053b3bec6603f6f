namespace UserCqrs.Web.Problems;

/// <summary>
/// All values of <c>code</c> in the errors of problems. Consumers rely on them, so their meaning never changes.
/// </summary>
internal static class ErrorCodes
{
    /// <summary>The codes and their meanings.</summary>
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["body.missing"] = "There is no body.",
        ["body.notUtf8"] = "The body is not UTF-8.",
        ["body.notJson"] = "The body is not JSON (RFC 8259).",
        ["body.type"] = "The body is not a JSON object.",
        ["member.unknown"] = "The body has a member that users do not have.",
        ["member.duplicate"] = "A member occurs more than once.",
        ["member.malformed"] = "The name of a member is not valid Unicode.",
        ["name.required"] = "The name is missing.",
        ["name.null"] = "The name is null.",
        ["name.type"] = "The name is not a string.",
        ["name.malformed"] = "The name has a noncharacter, such as U+FFFE, or an unpaired surrogate.",
        ["name.empty"] = "The name is empty or only white space.",
        ["name.tooLong"] = "The name has more than 200 characters.",
        ["name.controlCharacter"] = "The name has a control character.",
        ["name.bidirectionalOverride"] = "The name has a bidirectional override (U+202D, U+202E).",
        ["name.notVisible"] = "The name has no visible character.",
        ["email.required"] = "The e-mail address is missing.",
        ["email.null"] = "The e-mail address is null.",
        ["email.type"] = "The e-mail address is not a string.",
        ["email.malformed"] = "The e-mail address has an unpaired surrogate.",
        ["email.invalid"] = "The value is not a single e-mail address.",
        ["email.localPartTooLong"] = "The part before the @ has more than 64 octets.",
        ["email.tooLong"] = "The e-mail address has more than 254 octets.",
        ["email.taken"] = "Another user has this e-mail address.",
        ["parameter.unknown"] = "The route has no such query parameter.",
        ["parameter.repeated"] = "A query parameter occurs more than once.",
        ["limit.invalid"] = "limit is not an integer.",
        ["limit.outOfRange"] = "limit is not between 1 and 200.",
        ["sort.invalid"] = "Users cannot be sorted by this value.",
        ["cursor.invalid"] = "cursor is not the next of a page with the same sort and filters.",
        ["namePrefix.invalid"] = "No name can start with this value.",
        ["createdAfter.invalid"] = "createdAfter is not a time (RFC 3339).",
        ["createdBefore.invalid"] = "createdBefore is not a time (RFC 3339).",
        ["id.invalid"] = "id is not a comma-separated list of ids.",
        ["id.count"] = "id has more than 200 ids.",
        ["count.invalid"] = "count is neither true nor false.",
    };
}
