namespace UserCqrs.Domain;

/// <summary>A rule that a value breaks.</summary>
/// <param name="Code">Stable and made for programs: <c>email.tooLong</c>.</param>
/// <param name="Detail">Made for people: what is wrong and what is allowed. Never repeats the value.</param>
public sealed record Violation(string Code, string Detail);
