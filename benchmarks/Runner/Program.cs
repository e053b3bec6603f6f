using System.CommandLine;
using UserCqrs.Runner;

var rounds = new Option<int>("--rounds") { Description = "How often everything is measured.", DefaultValueFactory = _ => 3 };
var seconds = new Option<int>("--seconds") { Description = "How long one measurement takes.", DefaultValueFactory = _ => 5 };
var warmup = new Option<int>("--warmup") { Description = "Seconds of load before it.", DefaultValueFactory = _ => 10 };
var users = new Option<int>("--users")
{
    Description = "Users in the file; ten times as many for page.",
    DefaultValueFactory = _ => 100_000,
};
var only = new Option<string[]>("--only")
{
    Description = $"Scenarios to run instead of all: {string.Join(", ", Suite.Names)}. Prints, but writes no report.",
    AllowMultipleArgumentsPerToken = true,
};
only.AcceptOnlyFromAmong([.. Suite.Names]);
var python = new Option<string>("--python")
{
    Description = "The interpreter that has FastAPI, SQLAlchemy and uvicorn.",
    DefaultValueFactory = _ => "/usr/bin/python3",
};

var command = new RootCommand("Measures the service beside its peers and beside the physical limit.")
{
    rounds, seconds, warmup, users, only, python,
};
command.SetAction((parsed, cancellationToken) => Suite.RunAsync(
    new(parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(warmup), parsed.GetValue(users),
        parsed.GetValue(only)!, parsed.GetValue(python)!),
    cancellationToken));
return await command.Parse(args).InvokeAsync();
