using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using UserCqrs.Infrastructure;

namespace UserCqrs.Web.CommandLine;

/// <summary>The command line. Without a command, the service runs. Every command accepts every setting as an option.</summary>
internal static class Commands
{
    /// <summary>Runs the command that the arguments name.</summary>
    /// <exception cref="UsageException">The arguments cannot be understood.</exception>
    public static Task<int> RunAsync(string[] args)
    {
        // A setting before the argument of a command would be taken for the argument.
        args = [.. args.Where(argument => !KnownSettings.IsSetting(argument)), .. args.Where(KnownSettings.IsSetting)];
        var root = Create();
        foreach (var command in root.Subcommands.SelectMany(command => command.Subcommands).Concat(root.Subcommands).Append(root))
            command.TreatUnmatchedTokensAsErrors = false; // they may be settings, which SettingsIn reads
        CommandHelp.Simplify(root);
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is HelpAction)
            CommandHelp.Prepare(parsed.CommandResult.Command);
        if (parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .FirstOrDefault(token => token.Value.StartsWith("--", StringComparison.Ordinal)) is { } option)
            KnownSettings.Read([option.Value], bySpace: false, NamesFor(parsed.CommandResult.Command)); // throws
        if (parsed is { Action: ParseErrorAction, Errors: [var error, ..] })
        {
            SettingsIn(parsed); // throws for a mistyped option, which may be the reason why another one is missing
            var command = parsed.CommandResult.Command;
            var names = string.Join(", ", command.Subcommands.Select(other => other.Name));
            throw new UsageException(
                command.Subcommands.Count == 0 || error.SymbolResult is OptionResult
                    ? error.Message : $"{command.Name} needs a command: {names}.");
        }

        return parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // the host handles SIGTERM and finishes the requests in flight
        });
    }

    private static RootCommand Create()
    {
        var settings = string.Concat(KnownSettings.OwnWithDefaults.Select(setting => $"{Environment.NewLine}  {setting}"));
        var root = new RootCommand(
            "Serves users over HTTP. Every setting is also an option: --urls http://localhost:8080 --Database:WriteQueue=2048. "
            + $"Settings of this service and their defaults:{settings}");
        root.SetAction((parsed, _) => Service.RunAsync(SettingsIn(parsed)));
        root.Subcommands.Add(Serve());
        root.Subcommands.Add(ImportCommand.Create(Settings));
        root.Subcommands.Add(ExportCommand.Create(Settings));
        root.Subcommands.Add(Backup());
        root.Subcommands.Add(Restore());
        root.Subcommands.Add(Migrate());
        root.Subcommands.Add(Copy());
        root.Subcommands.Add(CheckCommands.Create(Settings));
        root.Subcommands.Add(DemoCommand.Create(Settings));
        root.Subcommands.Add(KeyCommands.Create(Settings));
        root.Subcommands.Add(CompletionCommand.Create());
        return root;
    }

    private static Command Serve()
    {
        var command = new Command("serve", "Serves users over HTTP, as the program does without a command.");
        command.SetAction((parsed, _) => Service.RunAsync(SettingsIn(parsed)));
        return command;
    }

    private static Command Backup()
    {
        var target = PathArgument("target", "The file to write. It must not exist.");
        var command = new Command(
            "backup", "Copies the database that DATABASE_URL names, even while the service runs, and checks the copy.")
        {
            target,
        };
        command.SetAction(parsed =>
        {
            var users = Maintenance.Backup(Settings(parsed), parsed.GetRequiredValue(target));
            Console.WriteLine($"Copied {users} users to {parsed.GetRequiredValue(target)}; the integrity check passed.");
        });
        return command;
    }

    private static Command Restore()
    {
        var backup = PathArgument("backup", "A file that the command backup wrote.");
        var command = new Command(
            "restore", "Checks a backup and replaces the database with it. Keeps the former files in a folder beside it. "
            + "Stop the service first.") { backup };
        command.SetAction(parsed =>
        {
            var (users, former) = Maintenance.Restore(Settings(parsed), parsed.GetRequiredValue(backup));
            var before = former is null ? "There was no database before." : $"The former files are in the folder {former}.";
            Console.WriteLine($"Restored {users} users. {before}");
        });
        return command;
    }

    private static Command Migrate()
    {
        var command = new Command("migrate", "Brings the schema of the database that DATABASE_URL names up to date.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var database = await Maintenance.MigrateAsync(Settings(parsed), Console.Error.WriteLine, cancellationToken);
            Console.WriteLine($"The schema of {database.Location} is up to date.{(database.IsNew ? " It is new." : "")}");
        });
        return command;
    }

    private static Command Copy()
    {
        const string form = "A URL as in DATABASE_URL.";
        var from = new Option<string>("--from")
        {
            Description = $"{form} Stop the service first; later changes are not copied.",
            Required = true,
        };
        var to = new Option<string>("--to") { Description = $"{form} The database must have no users.", Required = true };
        var command = new Command(
            "copy", "Copies all users from one database to another, with ids, versions and times, in one transaction, "
            + "and compares both.")
        {
            from,
            to,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Settings(parsed); // checks the names of settings; the options name both databases
            var (users, checksum) = await Maintenance.CopyAsync(
                parsed.GetRequiredValue(from), parsed.GetRequiredValue(to),
                Console.Error.WriteLine, cancellationToken);
            Console.WriteLine($"Copied {users} users; their SHA-256 is {checksum} on both sides.");
        });
        return command;
    }

    private static Argument<string> PathArgument(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.Tokens.SingleOrDefault()?.Value))
                result.AddError($"The argument {name} must be the path of a file.");
        });
        return argument;
    }

    /// <summary>Reads the same settings as the service, including those among the arguments.</summary>
    private static ConfigurationManager Settings(ParseResult parsed) => Service.CreateBuilder(SettingsIn(parsed)).Configuration;

    private static Dictionary<string, string?> SettingsIn(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return KnownSettings.Read(parsed.UnmatchedTokens, bySpace: command.Arguments.Count == 0, NamesFor(command));
    }

    private static IEnumerable<string> NamesFor(Command command) =>
        command.Subcommands.Select(other => other.Name).Concat(command.Options.Select(option => option.Name));
}
