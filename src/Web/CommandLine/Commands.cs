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
            "restore", "Checks a backup and puts it in the place of the database, which is kept beside it. Stop the service first.") { backup };
        command.SetAction(parsed =>
        {
            var (users, former) = Maintenance.Restore(Settings(), parsed.GetRequiredValue(backup));
            Console.WriteLine($"{users} users are restored. {(former is null ? "There was no database before." : $"The former database is {former}.")}");
        });
        return command;
    }

    private static IConfiguration Settings() => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().Build();
}
