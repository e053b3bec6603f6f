using System.CommandLine;
using UserCqrs.Infrastructure;

namespace UserCqrs.Web.CommandLine;

/// <summary>The command line: without a command the service serves, and takes every setting as an option.</summary>
internal static class Commands
{
    public static RootCommand Create(string[] args)
    {
        var root = new RootCommand(
            "Serves users over HTTP. Every setting is also an option: --urls http://localhost:8080 --Database:WriteQueue=2048")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        root.SetAction((_, _) => Service.RunAsync(args));
        root.Subcommands.Add(Backup());
        root.Subcommands.Add(Restore());
        root.Subcommands.Add(Migrate());
        root.Subcommands.Add(Copy());
        root.Subcommands.Add(KeyCommands.Create(Settings));
        return root;
    }

    private static Command Backup()
    {
        var target = new Argument<string>("target") { Description = "The file to write. It must not exist." };
        var command = new Command("backup", "Copies the database that DATABASE_URL names, while it serves, and checks the copy.") { target };
        command.SetAction(parsed =>
        {
            var users = Maintenance.Backup(Settings(), parsed.GetRequiredValue(target));
            Console.WriteLine($"{users} users are in {parsed.GetRequiredValue(target)}; its integrity check is ok.");
        });
        return command;
    }

    private static Command Restore()
    {
        var backup = new Argument<string>("backup") { Description = "A file that backup made." };
        var command = new Command(
            "restore", "Checks a backup and puts it in the place of the database, whose files are kept in a folder beside it. "
            + "Stop the service first.") { backup };
        command.SetAction(parsed =>
        {
            var (users, former) = Maintenance.Restore(Settings(), parsed.GetRequiredValue(backup));
            var before = former is null ? "There was no database before." : $"The former files are in the folder {former}.";
            Console.WriteLine($"{users} users are restored. {before}");
        });
        return command;
    }

    private static Command Migrate()
    {
        var command = new Command("migrate", "Brings the schema of the database that DATABASE_URL names up to date, and ends.");
        command.SetAction(async (_, cancellationToken) =>
        {
            await Maintenance.MigrateAsync(Settings(), cancellationToken);
            Console.WriteLine("The schema is up to date.");
        });
        return command;
    }

    private static Command Copy()
    {
        const string form = "A URL as in DATABASE_URL.";
        var from = new Option<string>("--from") { Description = $"{form} Stop the service first, or what it writes meanwhile stays behind.", Required = true };
        var to = new Option<string>("--to") { Description = $"{form} It must have no users.", Required = true };
        var command = new Command(
            "copy", "Carries all users from one database to another, with ids, versions and times, all or none, and compares both.") { from, to };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (users, checksum) = await Maintenance.CopyAsync(
                parsed.GetRequiredValue(from), parsed.GetRequiredValue(to),
                (count, total) => Console.Error.WriteLine($"{count:N0} of {total:N0} users"), cancellationToken);
            Console.WriteLine($"{users} users are copied; the SHA-256 over them is {checksum} on both sides.");
        });
        return command;
    }

    private static IConfiguration Settings() => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().Build();
}
