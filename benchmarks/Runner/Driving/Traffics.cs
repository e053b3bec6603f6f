using UserCqrs.Runner.Contenders;

namespace UserCqrs.Runner.Driving;

/// <summary>The kinds of traffic. Each call gives other random ids and other e-mail addresses.</summary>
internal static class Traffics
{
    private static int _seed;

    public static Traffic Get(Contender contender, int connections, int firstId, int count) =>
        new("get", connections, [contender.Routes.Get, $"{firstId}", $"{count}", Seed()]);

    /// <summary>All users in turn, which fills a cache.</summary>
    public static Traffic Each(Contender contender, int connections, int users) =>
        new("each", connections, [contender.Routes.Get, $"{users}"]);

    public static Traffic Create(Contender contender, int connections) =>
        new("create", connections, [contender.Routes.Create, Seed()]);

    public static Traffic Mixed(Contender contender, int connections, int users) =>
        new("mixed", connections, [contender.Routes.Get, $"{users}", contender.Routes.Create, Seed()]);

    public static Traffic Invalid(Contender contender, int connections) =>
        new("invalid", connections, [], contender.Routes.Create);

    public static Traffic Same(string path, int connections) => new("report", connections, [], path);

    /// <summary>The same as <see cref="Get"/>, for <see cref="OpenLoop"/>.</summary>
    public static Func<long, byte[]> Gets(Contender contender, int users) =>
        _ => HttpConnection.Get($"{contender.Routes.Get}{Random.Shared.Next(1, users + 1)}");

    /// <summary>The same as <see cref="Create"/>, for <see cref="OpenLoop"/>.</summary>
    public static Func<long, byte[]> Creates(Contender contender)
    {
        var seed = Seed();
        return i => HttpConnection.Post(
            contender.Routes.Create, $$"""{"name":"New User","email":"new-{{seed}}-{{i}}@bench.example"}""");
    }

    private static string Seed() => $"{Interlocked.Increment(ref _seed)}";
}
