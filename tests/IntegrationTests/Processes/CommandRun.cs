using System.Reflection;
using System.Text;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>
/// Runs the program inside the process of the tests: a command, or a start that fails. A process of its own would take ten times as
/// long. The settings are environment variables of this process meanwhile, so no other test may run (<see cref="Alone"/>).
/// </summary>
internal static class CommandRun
{
    private static readonly AsyncLocal<TextWriter?> Captured = new();

    static CommandRun()
    {
        Console.SetOut(new Redirection(Console.Out));
        Console.SetError(new Redirection(Console.Error));
    }

    /// <summary>Runs the program to its end.</summary>
    /// <returns>Its exit code, and everything that it wrote to standard output and standard error.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string[] arguments, string databaseUrl, params (string Name, string Value)[] settings)
    {
        if (databaseUrl.Length > 0)
            settings = [.. settings, ("DATABASE_URL", databaseUrl)];
        var former = settings.Select(setting => (setting.Name, Environment.GetEnvironmentVariable(setting.Name))).ToList();
        foreach (var (name, value) in settings)
            Environment.SetEnvironmentVariable(name, value);
        using var output = new StringWriter();
        Captured.Value = TextWriter.Synchronized(output);
        try
        {
            var main = typeof(Program).Assembly.EntryPoint!;
            var exitCode = await Task.Run(() => main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null));
            return ((int)exitCode!, output.ToString());
        }
        finally
        {
            Captured.Value = null;
            foreach (var (name, value) in former)
                Environment.SetEnvironmentVariable(name, value);
        }
    }

    /// <summary>Writes to the run that the text belongs to. What belongs to no run goes where it went before.</summary>
    private sealed class Redirection(TextWriter original) : TextWriter
    {
        public override Encoding Encoding => original.Encoding;

        private TextWriter Target => Captured.Value ?? original;

        public override void Write(char value) => Target.Write(value);

        public override void Write(char[] buffer, int index, int count) => Target.Write(buffer, index, count);

        public override void Write(string? value) => Target.Write(value);

        public override void Flush() => Target.Flush();
    }
}
