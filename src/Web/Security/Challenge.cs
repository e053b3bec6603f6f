using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>The problems for missing, invalid or insufficient credentials, with <c>WWW-Authenticate</c> (RFC 6750 §3).</summary>
internal static class Challenge
{
    private const string Bearer = "Bearer realm=\"users\"";

    public const string NoKeys = "The service has no API keys yet, and this caller needs one. On the service's machine, run the "
        + "program with keys create --name me --scope users:admin, in the service's working folder or with the same "
        + "DATABASE_URL, and send the token as Authorization: Bearer <token>.";

    public static readonly Problem NoCredential =
        new(ProblemType.Unauthorized, "Send an API key, or a JWT, as Authorization: Bearer.") { Challenge = Bearer };

    public static Problem Invalid(string why) =>
        new(ProblemType.Unauthorized, why) { Challenge = $"{Bearer}, error=\"invalid_token\", error_description=\"{why}\"" };

    public static Problem NoScope(string scope) =>
        new(ProblemType.Forbidden, $"This needs a credential with the scope {scope}.")
        {
            Challenge = $"{Bearer}, error=\"insufficient_scope\", scope=\"{scope}\"",
        };
}
