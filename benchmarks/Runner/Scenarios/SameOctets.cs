using UserCqrs.Runner.Contenders;

namespace UserCqrs.Runner.Scenarios;

/// <summary>The limit is one only as long as it answers what the service answers.</summary>
internal static class SameOctets
{
    private const int Users = 1_000;

    /// <exception cref="ToolException">It answers something else.</exception>
    public static async Task CheckAsync(Bench bench, Contender service, Contender limit, CancellationToken cancellationToken)
    {
        using var one = await bench.ServeAsync(service, Users, cancellationToken);
        using var other = await bench.ServeAsync(limit, Users, cancellationToken);
        var cursor = await Pages.WalkAsync(one.Port, Users / 2, cancellationToken);
        using var client = new HttpClient();
        foreach (var path in new[] { $"{service.Routes.Get}7", Pages.First, $"{Pages.First}&cursor={cursor}" })
        {
            var (expected, actual) = (await GetAsync(one), await GetAsync(other));
            if (expected != actual)
                throw new ToolException($"GET {path}: the service answers {expected}, {limit.Name} answers {actual}");

            Task<string> GetAsync(Server server) =>
                client.GetStringAsync(new Uri($"http://127.0.0.1:{server.Port}{path}"), cancellationToken);
        }
    }
}
