using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>The problems for missing, invalid or insufficient credentials, with <c>WWW-Authenticate</c> (RFC 6750 §3).</summary>
internal static class Challenge
{
    private const string Bearer = "Bearer realm=\"users\"";

    public const string NoKeys = "The service has no API keys yet, and this caller needs one. Make it on the service's machine, "
        + "in its folder or with its DATABASE_URL, by the program's command keys create --name me --scope users:admin, and send "
        + "it as Authorization: Bearer <key>.";

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
