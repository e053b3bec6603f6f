using System.Collections.Concurrent;
using System.Net.Sockets;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>
/// SIGTERM while many clients are at work on connections that they keep. One round here; the environment variable
/// SIGTERM_ROUNDS asks for more.
/// </summary>
/// <remarks>
/// A service may close an idle connection in the moment in which a request comes in (RFC 9112 §9.5), so it tells its clients beforehand:
/// after a response that did not say so, no request stays without its response. A connection that was opened in the moment in
/// which the service stops to listen may be closed without a word, and so may one on which a stream began before SIGTERM
/// and ended after the drain; then the request was not carried out.
/// </remarks>
public sealed class DrainUnderLoadTests : ProcessTests
{
    private const int Clients = 32;

    private static readonly int Rounds = Size.Of("SIGTERM_ROUNDS", 1);

    [Theory(SizedBy = "SIGTERM_ROUNDS")]
    [InlineData(ProcessDatabase.Sqlite)]
    [InlineData(ProcessDatabase.Postgres)]
    public async Task What_is_asked_while_it_stops_is_answered_whole_and_what_is_acknowledged_is_kept(string engine)
    {
        await using var database = await ProcessDatabase.StartAsync(engine);
        var journal = new Journal();
        for (var round = 0; round < Rounds; round++)
        {
            await using var service = ServiceProcess.Start(database.Url, ("Shutdown__DrainSeconds", "1"));
            var address = await service.ListensAsync(Cancelled);
            var clients = Enumerable.Range(0, Clients).Select(client => RunAsync(address, journal, $"{round}.{client}")).ToList();
            for (var before = journal.Acknowledged.Count; journal.Acknowledged.Count < before + 10 * Clients;)
                await Task.Delay(10, Cancelled); // until it is warm, or what it costs to start is all that it does
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(500)), Cancelled);
            await service.TerminateAsync(Cancelled);
            Assert.Equal(0, await service.EndsAsync(Cancelled));
            await Task.WhenAll(clients); // throws when a response was cut
        }

        var stored = await database.ReadUsersAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Rounds} rounds, {journal.Acknowledged.Count} acknowledged writes, {journal.Dropped} requests dropped on connections in use, "
            + $"{journal.Refused.Count} on new ones.");
        Assert.True(journal.Acknowledged.Count > Rounds * Clients, "The clients were hardly answered: this run shows nothing.");
        Assert.Equal(0, journal.Dropped);
        Assert.All(journal.Acknowledged, email => Assert.Contains(email, stored.Keys));
        Assert.All(journal.Refused, email => Assert.DoesNotContain(email, stored.Keys));
    }

    /// <summary>Asks one thing after the other on one connection, and on a new one when the service says so, until nobody listens.</summary>
    private static async Task RunAsync(Uri address, Journal journal, string client)
    {
        for (var number = 0; await TryOpenAsync(address) is { } connection;)
        {
            using (connection)
            {
                RawResponse? response = null;
                for (var isNew = true; response is not { IsLast: true }; isNew = response.IsStreamed)
                {
                    var email = $"{client}.{number++}@example.org";
                    response = await connection.AskAsync((number % 32) switch
                    {
                        0 => RawConnection.Get("/users/"),
                        < 8 => RawConnection.Get("/v1/users?limit=200&sort=-id"),
                        _ => RawConnection.Post("/v1/users", $$"""{"name":"Ann","email":"{{email}}"}"""),
                    }, Cancelled);
                    if (response is null)
                    {
                        journal.Drop(email, isNew);
                        break;
                    }

                    Assert.True(response.Status is 200 or 201, response.Text);
                    if (response.Status == 201)
                        journal.Acknowledged.Add(email);
                }
            }
        }
    }

    private static async Task<RawConnection?> TryOpenAsync(Uri address)
    {
        try
        {
            return await RawConnection.OpenAsync(address, Cancelled);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private sealed class Journal
    {
        private int _dropped;

        public ConcurrentBag<string> Acknowledged { get; } = [];

        public ConcurrentBag<string> Refused { get; } = [];

        public int Dropped => _dropped;

        public void Drop(string email, bool isNew)
        {
            if (isNew)
                Refused.Add(email);
            else
                Interlocked.Increment(ref _dropped);
        }
    }
}
