using System.Data.Common;
using UserCqrs.Runner.Contenders;
using UserCqrs.Runner.Driving;
using UserCqrs.Runner.Reporting;
using UserCqrs.Runner.Scenarios;

namespace UserCqrs.Runner;

/// <summary>All scenarios; in each round of each, its contenders in turn, one at work at a time.</summary>
internal static class Suite
{
    public static readonly string[] Names =
        ["get", "get-cached", "get-key", "get-key-cached", "create", "mixed", "page", "search", "list", "refused", "latency", "start", "postgres-get", "postgres-create"];

    /// <returns>0 when everything that is installed was measured and nothing failed.</returns>
    public static async Task<int> RunAsync(Settings settings, CancellationToken cancellationToken)
    {
        try
        {
            Progress("Building");
            var lineUp = new LineUp(settings, await Readiness.MakeAsync(settings, cancellationToken));
            await using var data = new Dataset();
            using var bench = new Bench(settings, data);
            Progress("Comparing the limit's answers with the service's");
            await SameOctets.CheckAsync(bench, lineUp.Service, lineUp.BatchedLimit, cancellationToken);

            var machine = await Machine.DescribeAsync(settings, data.FileSystem, cancellationToken);
            var tables = new List<Table>();
            foreach (var scenario in ScenariosOf(lineUp).Where(scenario => settings.Wants(scenario.Name)))
            {
                tables.Add(await MeasureAsync(bench, scenario, cancellationToken));
                Console.WriteLine(tables[^1]);
                bench.StopAll();
            }

            if (settings.Only.Length == 0)
                await File.WriteAllTextAsync(Paths.Report, Report.Of(settings, machine, tables), cancellationToken);
            return tables.TrueForAll(table => table.IsClean) ? 0 : 1;
        }
        catch (ToolException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }

    private static IEnumerable<Scenario> ScenariosOf(LineUp all)
    {
        Contender[] peers = [all.EfCore, all.FastifyCluster, all.Tutorial];
        Contender[] writers = [all.EfCore, all.Fastify, all.Tutorial];
        Func<Contender, int, Traffic> get = (contender, users) => Traffics.Get(contender, 32, 1, users);
        Func<Contender, int, Traffic> create = (contender, _) => Traffics.Create(contender, 64);
        Func<Contender, int, Traffic> mixed = (contender, users) => Traffics.Mixed(contender, 64, users);
        return
        [
            new Saturation("get", "a user by id, at random over all users, 32 connections", get,
                [all.Service, all.BatchedLimit, .. peers]),
            new Saturation("get-cached", "the same with the service's read cache on, all users asked for before", get,
                all.CachedService, all.Service, all.BatchedLimit, all.FastifyCluster)
            {
                WarmUp = (contender, users) => Traffics.Each(contender, 32, users),
            },
            new Saturation("get-key", "a user by id with an API key and, on loopback until there is one, without; 32 connections", get,
                all.Service, all.KeyedService),
            new Saturation("get-key-cached", "the same with the service's read cache on, all users asked for before", get,
                all.CachedService, all.KeyedCachedService)
            {
                WarmUp = (contender, users) => Traffics.Each(contender, 32, users),
            },
            new Saturation("create", "a new user, durable before it is answered, 64 connections", create,
                [all.Service, all.SingleLimit, all.BatchedLimit, .. writers]),
            new Saturation("mixed", "nine users by id for one that is new, 64 connections", mixed,
                all.Service, all.FastifyCluster),
            new Pages(all.Service, all.BatchedLimit),
            new Search(all.SearchService, all.PostgresSearchService),
            new FullList(all.Service, all.Tutorial),
            new Refusals(all.Service),
            new Latency("a user by id, at half of the rate that each can take", get, Traffics.Gets, [all.Service, .. peers]),
            new Latency("a new user, at half of the rate that each can take", create,
                (contender, _) => Traffics.Creates(contender), [all.Service, .. writers]),
            new StartTime([all.Service, .. peers]),
            new BesidePgbench("postgres-get", "PostgreSQL: a user by id, at random over all users, 32 connections", "get.sql", 32, get,
                all.Pgbench, all.PostgresService, all.PostgresTutorial),
            new BesidePgbench("postgres-create", "PostgreSQL: a new user, durable before it is answered, 64 connections", "create.sql", 64, create,
                all.Pgbench, all.PostgresService, all.PostgresTutorial),
        ];
    }

    private static async Task<Table> MeasureAsync(Bench bench, Scenario scenario, CancellationToken cancellationToken)
    {
        var table = new Table(scenario);
        foreach (var contender in scenario.Contenders.Where(contender => contender.Missing is not null))
            table.LeaveOut(contender.Name, contender.Missing!);

        for (var round = 1; round <= bench.Settings.Rounds; round++)
        {
            foreach (var contender in scenario.Contenders.Where(contender => contender.Missing is null))
            {
                Progress($"{scenario.Name}, round {round}: {contender.Name}");
                try
                {
                    table.Add(round, await scenario.MeasureAsync(bench, contender, cancellationToken));
                }
                catch (Exception e) when (e is ToolException or IOException or HttpRequestException or DbException)
                {
                    table.Break(contender.Name, $"round {round}: {e.Message}");
                }
            }
        }

        return table;
    }

    private static void Progress(string what) => Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {what}");
}
