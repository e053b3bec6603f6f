using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Postgres;
using UserCqrs.IntegrationTests.Processes;
using TestResult = FsCheck.TestResult;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>
/// Random sequences of requests, made from the service's own OpenAPI document, go to a service on SQLite and to one on
/// PostgreSQL. No response may be 5xx or depart from the document; both must respond alike, and as <see cref="UsersModel"/>
/// expects. The environment variable FUZZ_REQUESTS says how many requests there are, FUZZ_SEED which.
/// </summary>
public sealed class FuzzTests : IAsyncLifetime
{
    private const int Shortest = 20;
    private const int Longest = 50;
    private const int EnoughForAll = 10_000;

    private static readonly int Requests = Size.Of("FUZZ_REQUESTS", 1_000);

    private readonly ITestOutputHelper _output;
    private readonly SettableClock _clock = new();
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly StringBuilder _transcript = new();
    private UsersService[] _services = [];
    private Side[] _sides = [];
    private RequestGenerator? _generator;
    private string _failed = "";

    public FuzzTests(ITestOutputHelper output)
    {
        SharedPostgres.SkipIfMissing();
        _output = output;
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _services = [new OnSqlite(_clock), new OnPostgres(_clock)];
        foreach (var service in _services)
            await service.InitializeAsync();
        _sides = [new("SQLite", _services[0].Client), new("PostgreSQL", _services[1].Client)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
            await service.DisposeAsync();
    }

    [Fact(SizedBy = "FUZZ_REQUESTS")]
    public async Task Both_databases_answer_every_request_as_the_document_and_the_model_say()
    {
        var json = await _services[0].Client.GetStringAsync(new Uri("/openapi.json", UriKind.Relative), Cancelled);
        using var document = JsonDocument.Parse(json);
        _generator = new RequestGenerator(document.RootElement);
        var seed = Seed();
        _output.WriteLine($"FUZZ_SEED={Text(seed)} FUZZ_REQUESTS={Requests}");

        var result = new Result();
        var config = Config.Default.WithRunner(result).WithMaxTest((2 * Requests + Shortest + Longest - 1) / (Shortest + Longest))
            .WithReplay(FSharpOption<Replay>.Some(new Replay(seed, FSharpOption<int>.None)));
        var holds = Prop.ForAll(_generator.Sequences(Shortest, Longest), (Request[] sequence) => RunAsync(sequence));
        await Task.Run(() => Check.One(config, holds), Cancelled);

        if (result.Failure is { } failure)
            Assert.Fail($"FUZZ_SEED={Text(failure.Item6)} leads straight here. Shrunk {failure.Item1.NumberOfShrinks} times:\n{_failed}");
        foreach (var (what, count) in _counts)
            _output.WriteLine($"{count,8} {what}");
        if (Requests >= EnoughForAll)
            Assert.All(_generator.Names, name => Assert.Contains($"{name} 2", _counts.Keys.Select(asked => asked[..^2])));
    }

    private async Task RunAsync(Request[] sequence)
    {
        _transcript.Clear();
        try
        {
            await Task.WhenAll(_sides.Select(side => side.ForgetAsync(Cancelled)));
            var model = new UsersModel();
            foreach (var request in sequence)
                await StepAsync(model, model.Settle(request));
            await StepAsync(model, new Request("GET", "/users/"));
        }
        catch (Exception e)
        {
            _failed = $"{_transcript}\n{e.Message}";
            throw;
        }
    }

    private async Task StepAsync(UsersModel model, Request request)
    {
        _transcript.AppendLine(null, $"{request}");
        _clock.Now = model.Now;
        var expected = model.Expect(request);
        var responses = await Task.WhenAll(_sides.Select(side => side.AskAsync(request, Cancelled)));
        _transcript.AppendLine(null, $"    {responses[0]}");
        var what = $"{_generator!.NameOf(request)} {responses[0].Status}";
        _counts[what] = _counts.GetValueOrDefault(what) + 1;

        if (responses[0].ToString() != responses[1].ToString())
            Assert.Fail($"The databases differ.\n{_sides[0].Name}: {responses[0]}\n{_sides[1].Name}: {responses[1]}\nExpected: {expected}");
        if (responses[0].Departs(expected, request.Method == "HEAD") is { } departure)
            Assert.Fail($"Both databases depart from the model: {departure}.\nSeen:     {responses[0]}\nExpected: {expected}");
    }

    private static Rnd Seed()
    {
        var given = Environment.GetEnvironmentVariable("FUZZ_SEED")?.Split(',');
        return given is null
            ? new Rnd((ulong)Random.Shared.NextInt64())
            : new Rnd(ulong.Parse(given[0], CultureInfo.InvariantCulture), ulong.Parse(given[1], CultureInfo.InvariantCulture));
    }

    private static string Text(Rnd seed) => $"{seed.Seed},{seed.Gamma}";

    /// <summary>Keeps how the check ended.</summary>
    private sealed class Result : IRunner
    {
        public TestResult.Failed? Failure { get; private set; }

        public void OnStartFixture(Type t)
        {
        }

        public void OnArguments(int testNumber, FSharpList<object> args, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every)
        {
        }

        public void OnShrink(FSharpList<object> args, FSharpFunc<FSharpList<object>, string> everyShrink)
        {
        }

        public void OnFinished(string name, TestResult result) => Failure = result as TestResult.Failed;
    }

    /// <summary>The same time for both services, so that times need not differ.</summary>
    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class OnSqlite(TimeProvider clock) : SqliteUsersService
    {
        protected override TimeProvider Clock => clock;
    }

    private sealed class OnPostgres(TimeProvider clock) : PostgresUsersService
    {
        protected override TimeProvider Clock => clock;
    }
}
