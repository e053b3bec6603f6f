using System.CommandLine;
using System.CommandLine.Help;

namespace UserCqrs.Web.CommandLine;

/// <summary>What <c>--help</c> says besides the descriptions.</summary>
internal static class CommandHelp
{
    private static readonly Dictionary<string, string> Examples = new()
    {
        ["serve"] = "usercqrs serve --urls http://localhost:8080",
        ["import"] = "usercqrs import users.csv --on-conflict skip",
        ["export"] = "usercqrs export users.ndjson --url https://users.example.org --key ucq_…",
        ["backup"] = "usercqrs backup /var/backups/users.db",
        ["restore"] = "usercqrs restore /var/backups/users.db",
        ["migrate"] = "DATABASE_URL=postgresql://users@localhost/users usercqrs migrate",
        ["copy"] = "usercqrs copy --from sqlite:///./users.db --to postgresql://users@localhost/users",
        ["check"] = "usercqrs check --url https://users.example.org --key ucq_…",
        ["attributes"] = "usercqrs check attributes --Users:AttributesSchema=attributes.schema.json",
        ["demo"] = "usercqrs demo --users 10000",
        ["keys"] = "usercqrs keys list",
        ["create"] = "usercqrs keys create --name billing --scope users:read --scope users:write",
        ["list"] = "usercqrs keys list",
        ["revoke"] = "usercqrs keys revoke i8k9mT4G",
        ["completion"] = "source <(usercqrs completion bash)",
    };

    /// <summary>Removes the aliases of <c>--help</c> that only Windows knows, which completion would suggest.</summary>
    public static void Simplify(RootCommand root)
    {
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            foreach (var alias in help.Aliases.Where(alias => alias[0] == '/').ToList())
                help.Aliases.Remove(alias);
        }
    }

    /// <summary>Prepares a command for its help: an example, and only the first sentence about each of its commands.</summary>
    public static void Prepare(Command command)
    {
        command.TreatUnmatchedTokensAsErrors = true; // otherwise the usage mentions "additional arguments"
        if (Examples.TryGetValue(command.Name, out var example))
            command.Description += $"{Environment.NewLine}{Environment.NewLine}Example:{Environment.NewLine}  {example}";
        foreach (var subcommand in command.Subcommands)
            subcommand.Description = $"{subcommand.Description!.Split(". ")[0].TrimEnd('.')}.";
    }
}
