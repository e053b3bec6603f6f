using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using UserCqrs.Runner.Contenders;
using UserCqrs.Runner.Driving;

namespace UserCqrs.Runner.Scenarios;

/// <summary>
/// Searches and lists of invented people, at fixed rates, ten times as many as in other scenarios; and beside them what a search
/// costs that looks at every user.
/// </summary>
internal sealed class Search(params Contender[] contenders) : Scenario(
    "search", "searches and lists of ten times as many invented people, arriving at a fixed rate; and LIKE on the same file, one at a time",
    [new("requests/s", "N0"), new("p50 ms", "N2"), new("p99 ms", "N2", Better.Less), new("max ms", "N2")], contenders)
{
    private const int DeepPage = 1_000;

    // Half of the people have an address at mail.example; there are about 9 Katariina Laine for 100,000 people.
    private static readonly (string Name, string Query, double PerSecond)[] Requests =
    [
        ("rare words", "q=katariina+laine", 500),
        ("no match", "q=nobodyhasthis", 500),
        ("a word of half of the people", "q=mail", 100),
        ("two letters", "q=an", 20),
        ("by name", "sort=name&limit=50", 100),
        ("inactive, by name", "active=false&sort=name&limit=50", 20),
        ("an attribute, by e-mail", "attributes.plan=pro&sort=email&limit=50", 20),
    ];

    public override async Task<IReadOnlyList<Row>> MeasureAsync(
        Bench bench, Contender contender, CancellationToken cancellationToken)
    {
        var users = 10 * bench.Users;
        var database = await bench.Data.CopyAsync(contender, users, cancellationToken);
        var rows = new List<Row>();
        using (var server = await Server.StartAsync(contender, database, hasUsers: true, cancellationToken))
        {
            foreach (var (name, query, perSecond) in Requests)
                rows.Add(await ArriveAsync(name, $"/v1/users?{query}", perSecond));
            foreach (var query in new[] { "q=mail&limit=50", "sort=-createdAt&limit=50" })
            {
                var cursor = await CursorAsync(server.Port, query, cancellationToken);
                rows.Add(await ArriveAsync($"{query}, page 1", $"/v1/users?{query}", 50));
                rows.Add(await ArriveAsync($"{query}, page {DeepPage:N0}", $"/v1/users?{query}&cursor={cursor}", 50));
            }

            async Task<Row> ArriveAsync(string name, string path, double perSecond)
            {
                await RunAsync(seconds: bench.Settings.Warmup);
                var latencies = await RunAsync(bench.Settings.Seconds);
                return new($"{contender.Name}: {name}", latencies.Failed,
                    perSecond, latencies.At(0.5), latencies.At(0.99), latencies.At(1));

                Task<Latencies> RunAsync(int seconds) => new OpenLoop(
                    server.Port, perSecond, TimeSpan.FromSeconds(seconds), _ => HttpConnection.Get(path)).RunAsync(cancellationToken);
            }
        }

        if (!contender.IsOnPostgres)
            rows.Add(await LikeAsync(database, cancellationToken));
        return rows;
    }

    private static async Task<string> CursorAsync(int port, string query, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        var cursor = "";
        for (var page = 1; page < DeepPage; page++)
        {
            var answer = await client.GetFromJsonAsync<JsonElement>($"/v1/users?{query}{cursor}", cancellationToken);
            cursor = $"&cursor={answer.GetProperty("next").GetString()}";
        }

        return cursor["&cursor=".Length..];
    }

    private static async Task<Row> LikeAsync(string file, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT id, name, email FROM users WHERE (name LIKE '%katariina%' OR email LIKE '%katariina%' OR external_id LIKE '%katariina%')
                AND (name LIKE '%laine%' OR email LIKE '%laine%' OR external_id LIKE '%laine%') ORDER BY id LIMIT 51
            """;
        var milliseconds = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
            }

            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        milliseconds.Sort();
        return new("LIKE '%katariina%' and '%laine%', SQLite", 0, 1000 / milliseconds[2], milliseconds[2], milliseconds[^1], milliseconds[^1]);
    }
}
