using UserCqrs.Limit;

// Kestrel and SQLite with nothing between them: what no service on this machine can go past.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

var file = builder.Configuration["file"] ?? throw new ArgumentException("Say --file <users.db>.");
await using IWriter writer = builder.Configuration["writes"] switch
{
    "single" => new SingleWriter(file),
    "batched" or null => new BatchedWriter(file),
    var other => throw new ArgumentException($"--writes is single or batched, not {other}."),
};
using var readers = new Readers(file);

var app = builder.Build();
app.Run(new Door(readers, writer).AnswerAsync);
await app.RunAsync();
