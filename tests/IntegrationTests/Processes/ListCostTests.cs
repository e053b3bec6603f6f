using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;
using UserCqrs.Infrastructure;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>
/// No list visits the whole table. Takes the SQL of every sort, filter and search, of the first page and of later ones, and
/// counts the rows that each statement visits: as PostgreSQL's EXPLAIN ANALYZE says, or the instructions of SQLite's virtual
/// machine. <c>LIST_USERS=1000000</c> makes the table so large that a visit of all its rows exceeds the bound, and tries every
/// combination; otherwise it only shows that a few combinations work, and UserListPlanTests count what plans visit.
/// </summary>
[Collection(nameof(Alone))]
public sealed class ListCostTests : ProcessTests
{
    /// <summary>What the plans may visit: the longest walk and its end, the walks before it, and counts up to their limits.</summary>
    private const int MaxRows = 650_000;

    private static readonly int Users = Size.Of("LIST_USERS", 1_000);

    private static readonly string[] Sorts =
        ["id", "-id", "name", "-name", "email", "-email", "createdAt", "-createdAt", "updatedAt", "-updatedAt"];

    private static readonly string[] Filters =
    [
        "", "active=true", "active=false", "namePrefix=A", "namePrefix=Zo", "createdAfter=2021-01-02T00:00:00Z", "createdBefore=2021-01-02T00:00:00Z",
        "updatedAfter=2021-01-03T00:00:00Z", "attributes.plan=pro", "attributes.plan=enterprise", "attributes.plan=nobody",
        "attributes.plan=pro&active=true", "attributes.plan=free&attributes.address.city=Bern", "namePrefix=A&createdAfter=2021-01-02T00:00:00Z",
        "namePrefix=S&attributes.plan=pro&updatedAfter=2021-01-02T00:00:00Z", "active=true&createdAfter=2021-01-03T00:00:00Z",
    ];

    private static readonly string[] Searches =
        ["mail", "example", "anna", "an", "a", "q", "xq", "john smith", "hr 0001", "nobodyhasthis", "mail.example", "ber", "김", "ann @mail"];

    [Theory(SizedBy = "LIST_USERS")]
    [InlineData(ProcessDatabase.Sqlite)]
    [InlineData(ProcessDatabase.Postgres)]
    public async Task No_list_visits_the_whole_table(string engine)
    {
        await using var database = await ProcessDatabase.StartAsync(engine);
        await Maintenance.DemoAsync(SettingsOf(database.Url), Users, seed: 1, _ => { }, _ => { }, Cancelled);
        await database.ExecuteAsync(engine == ProcessDatabase.Sqlite
            ? "UPDATE users SET name = 'Ann Lee' WHERE id % 3 = 0" : "UPDATE users SET name = 'Ann Lee' WHERE id % 3 = 0; ANALYZE users");
        await using var service = await AnyUsersService.StartAsync(
            database.Url, ("Users:IndexedAttributes:0", "plan"), ("Users:IndexedAttributes:1", "address.city"));
        using var statements = new Statements();
        var costs = new List<string>();

        var (sorts, searches) = Users < MaxRows ? (Sorts[1..3], Searches[..5]) : (Sorts, Searches);
        foreach (var query in Filters.SelectMany(filter => sorts.Select(sort => $"sort={sort}&{filter}"))
            .Concat(searches.SelectMany(search => Filters.Select(filter => $"q={Uri.EscapeDataString(search)}&{filter}"))))
        {
            var cursor = "";
            for (var page = 1; page <= (Users < MaxRows ? 2 : 4) && cursor is not null; page++)
            {
                statements.Clear();
                using var answer = await service.Client.GetAsync($"/v1/users?limit=50&{query}{cursor}", Cancelled);
                var response = await Response.ReadAsync(answer, Cancelled);
                Assert.True(response.Status == 200 || response.Text.Contains("list.tooBroad"), $"{query}: {response.Text}");
                var rows = 0.0;
                foreach (var statement in statements.Taken())
                    rows += await database.VisitedAsync(statement.Sql, statement.Parameters);
                if (rows > MaxRows)
                    costs.Add($"{query}, page {page}: {rows:N0} rows\n{string.Join("\n\n", statements.Taken().Select(it => it.Sql))}");
                cursor = response.Json.TryGetProperty("next", out var next) ? $"&cursor={next.GetString()}" : null;
            }
        }

        Assert.True(costs.Count == 0, string.Join("\n\n", costs));
    }

    /// <summary>Takes the statements that EF Core executes.</summary>
    private sealed class Statements : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly List<IDisposable> _subscriptions = [];
        private readonly List<(string Sql, List<(string Name, object? Value)> Parameters)> _taken = [];

        public Statements() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

        public void Clear() => _taken.Clear();

        public List<(string Sql, List<(string Name, object? Value)> Parameters)> Taken() => _taken;

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == DbLoggerCategory)
                _subscriptions.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Value is CommandEventData { Command: var command } && value.Key == RelationalEventId.CommandExecuting.Name)
                _taken.Add((command.CommandText, [.. command.Parameters.Cast<DbParameter>().Select(parameter => (parameter.ParameterName, parameter.Value))]));
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error) => throw error;

        public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

        private const string DbLoggerCategory = "Microsoft.EntityFrameworkCore";
    }
}
