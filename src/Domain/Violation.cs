namespace UserCqrs.Domain;

/// <summary>A rule that a value breaks.</summary>
/// <param name="Code">A stable code for programs, such as <c>email.tooLong</c>.</param>
/// <param name="Detail">An explanation for people: what is wrong and what is allowed. Never repeats the value.</param>
public sealed record Violation(string Code, string Detail);
