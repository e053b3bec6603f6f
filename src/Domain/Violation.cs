namespace UserCqrs.Domain;

/// <summary>A rule that a value breaks.</summary>
/// <param name="Code">A stable code for programs, such as <c>email.tooLong</c>.</param>
/// <param name="Detail">An explanation for people: what is wrong and what is allowed. Never repeats the value.</param>
/// <param name="Path">
/// The part of the value that breaks the rule, as a JSON Pointer (RFC 6901) such as <c>/address/city</c>; empty for the whole.
/// </param>
public sealed record Violation(string Code, string Detail, string Path = "");
