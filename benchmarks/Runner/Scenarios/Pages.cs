using System.Net.Http.Json;
using System.Text.Json;
using UserCqrs.Runner.Contenders;
using UserCqrs.Runner.Driving;

namespace UserCqrs.Runner.Scenarios;

/// <summary>The first page, and one that lies half of all users away from it.</summary>
internal sealed class Pages(Contender service, Contender limit) : Scenario(
    "page", "page of 50 users, the first and the one in the middle of ten times as many users, 32 connections",
    [PerSecond], service, limit)
{
    public const string First = "/v1/users?limit=50";

    private string? _cursor;

    public override async Task<IReadOnlyList<Row>> MeasureAsync(
        Bench bench, Contender contender, CancellationToken cancellationToken)
    {
        var users = 10 * bench.Users;
        using var server = await bench.ServeAsync(contender, users, cancellationToken);
        _cursor ??= await WalkAsync(server.Port, users / 2, cancellationToken);
        var rows = new List<Row>();
        foreach (var (place, path) in new[] { ("first page", First), ($"at {users / 2:N0}", $"{First}&cursor={_cursor}") })
        {
            var load = await bench.SaturateAsync(server, () => Traffics.Same(path, 32), cancellationToken);
            rows.Add(Row.Of($"{contender.Name}, {place}", load));
        }

        return rows;
    }

    /// <summary>The cursor behind so many users, gone to the way a consumer goes: from page to page.</summary>
    public static async Task<string> WalkAsync(int port, int users, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        var path = "/v1/users?limit=";
        var cursor = "";
        for (var left = users; left > 0; left -= 200)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"{path}{Math.Min(left, 200)}{cursor}", cancellationToken);
            cursor = $"&cursor={page.GetProperty("next").GetString()}";
        }

        return cursor["&cursor=".Length..];
    }
}
