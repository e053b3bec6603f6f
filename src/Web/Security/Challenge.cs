using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>What a caller is told of its credential: 401 or 403, with <c>WWW-Authenticate</c> (RFC 6750 §3).</summary>
internal static class Challenge
{
    private const string Bearer = "Bearer realm=\"users\"";

    public static Problem NoCredential() =>
        new(ProblemType.Unauthorized, "Send an API key, or a JWT, as Authorization: Bearer.") { Challenge = Bearer };

    public static Problem Invalid(string why) =>
        new(ProblemType.Unauthorized, why) { Challenge = $"{Bearer}, error=\"invalid_token\", error_description=\"{why}\"" };

    public static Problem NoScope(string scope) =>
        new(ProblemType.Forbidden, $"This needs a credential with the scope {scope}.")
        {
            Challenge = $"{Bearer}, error=\"insufficient_scope\", scope=\"{scope}\"",
        };
}
