using System.CommandLine;

namespace UserCqrs.Web.CommandLine;

/// <summary>
/// <c>completion</c>: prints a script by which a shell completes commands and options. The script asks the program itself, by the
/// directive <c>[suggest]</c> of System.CommandLine.
/// </summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            _usercqrs() {
              local word=${COMP_WORDS[COMP_CWORD]} words
              words=$(TERM=dumb usercqrs "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2> /dev/null < /dev/null)
              [[ $word == -* ]] || words=$(grep --invert-match '^-' <<< "$words")
              mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
            }
            complete -o default -F _usercqrs usercqrs
            """,
        ["zsh"] = """
            _usercqrs() {
              compadd -- ${(f)"$(TERM=dumb usercqrs "[suggest:${CURSOR}]" "${BUFFER}" 2> /dev/null < /dev/null)"} || _files
            }
            compdef _usercqrs usercqrs
            """,
        ["fish"] = """
            complete --command usercqrs --arguments '(usercqrs "[suggest:"(commandline --cursor)"]" (commandline) 2> /dev/null)'
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = $"One of {string.Join(", ", Scripts.Keys)}." };
        shell.CompletionSources.Add([.. Scripts.Keys]);
        shell.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Scripts.ContainsKey(token.Value))
                result.AddError(
                    $"shell must be {BulkFile.Choice(Scripts.Keys)}. {Spelling.Suggest(token.Value, Scripts.Keys)}");
        });
        var command = new Command(
            "completion", "Prints a script by which a shell completes the commands and options of usercqrs.") { shell };
        command.SetAction(parsed => Console.WriteLine(Scripts[parsed.GetRequiredValue(shell)]));
        return command;
    }
}
