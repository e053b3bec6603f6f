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
        ["member.duplicate"] = "A member is given more than once.",
        ["member.malformed"] = "The name of a member is not Unicode text.",
        ["name.required"] = "There is no name.",
        ["name.null"] = "The name is null.",
        ["name.type"] = "The name is not a string.",
        ["name.malformed"] = "The name has a noncharacter, such as U+FFFE, or half of a surrogate pair.",
        ["name.empty"] = "The name has nothing but white space.",
        ["name.tooLong"] = "The name has more than 200 characters.",
        ["name.controlCharacter"] = "The name has a control character.",
        ["name.bidirectionalOverride"] = "The name has a bidirectional override (U+202D, U+202E).",
        ["name.notVisible"] = "The name has no visible character.",
        ["email.required"] = "There is no e-mail address.",
        ["email.null"] = "The e-mail address is null.",
        ["email.type"] = "The e-mail address is not a string.",
        ["email.malformed"] = "The e-mail address has half of a surrogate pair.",
        ["email.invalid"] = "This is not one e-mail address.",
        ["email.localPartTooLong"] = "The part before the @ has more than 64 octets.",
        ["email.tooLong"] = "The e-mail address has more than 254 octets.",
        ["email.taken"] = "Another user has this e-mail address.",
        ["parameter.unknown"] = "The route has no such query parameter.",
        ["parameter.repeated"] = "A query parameter is given more than once.",
        ["limit.invalid"] = "limit is not an integer.",
        ["limit.outOfRange"] = "limit is not 1 to 200.",
        ["sort.invalid"] = "Users cannot be sorted by this.",
        ["cursor.invalid"] = "The cursor is not the next of a page with the same sort and filters.",
        ["namePrefix.invalid"] = "No name can start with this.",
        ["createdAfter.invalid"] = "createdAfter is not a time (RFC 3339).",
        ["createdBefore.invalid"] = "createdBefore is not a time (RFC 3339).",
        ["id.invalid"] = "id is not a list of ids separated by commas.",
        ["id.count"] = "id has more than 200 ids.",
        ["count.invalid"] = "count is neither true nor false.",
    };
}
