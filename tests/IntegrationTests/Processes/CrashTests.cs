using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>
/// Kills the service under 64 writers, again and again, and compares the file with what the writers were told. 2 rounds
/// here; the environment variable CRASH_ROUNDS asks for more.
/// </summary>
public sealed class CrashTests : ProcessTests
{
    private const int Writers = 64;

    private static readonly int Rounds = Size.Of("CRASH_ROUNDS", 2);

    [Fact(SizedBy = "CRASH_ROUNDS")]
    public async Task What_was_acknowledged_is_there_after_a_kill_and_what_was_refused_is_not()
    {
        var known = new Dictionary<string, User>();
        var acknowledged = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var journal = new Journal();
            await using (var service = ServiceProcess.Start(DatabaseUrl))
            {
                using var client = await service.ConnectAsync(Cancelled);
                var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync(client, journal, $"{round}.{writer}")).ToList();
                while (journal.Acknowledged.IsEmpty && writers.TrueForAll(writer => !writer.IsCompleted)) // a cold start takes its time
                    await Task.Delay(5, Cancelled);
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(0, 500)), Cancelled);
                service.Kill();
                await service.EndsAsync(Cancelled);
                await Task.WhenAll(writers);
            }

            var stored = await ReadAsync();
            Assert.All(known, user => Assert.Equal(user.Value, stored.GetValueOrDefault(user.Key)));
            Assert.All(journal.Acknowledged, user => Assert.Equal(user, stored.GetValueOrDefault(user.Email)));
            Assert.All(stored.Keys.Except(known.Keys), email => Assert.True(journal.Sent.ContainsKey(email), $"Nobody sent {email}."));
            Assert.DoesNotContain(stored.Values, user => user.Name == Journal.Refused);
            acknowledged += journal.Acknowledged.Count;
            known = stored;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Rounds} kills, {acknowledged} acknowledged writes, 0 lost.");
        Assert.True(acknowledged > Rounds, "The writers were hardly answered: this run shows nothing.");
    }

    private static async Task WriteAsync(HttpClient client, Journal journal, string writer)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                var email = $"{writer}.{i}@example.org";
                journal.Sent[email] = true;
                using var response = await client.PostAsJsonAsync("/v1/users", new { name = "Ann", email }, Cancelled);
                Assert.Equal(HttpStatusCode.Created, response.StatusCode);
                var id = (await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("id").GetInt64();
                journal.Acknowledged.Add(new(id, "Ann", email));

                using var again = await client.PostAsJsonAsync("/v1/users", new { name = Journal.Refused, email }, Cancelled);
                Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
            }
        }
        catch (HttpRequestException)
        {
            // The service is gone. What was sent last may or may not have been kept.
        }
    }

    private async Task<Dictionary<string, User>> ReadAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        await connection.OpenAsync(Cancelled);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        Assert.Equal("ok", await command.ExecuteScalarAsync(Cancelled));

        var users = new Dictionary<string, User>();
        command.CommandText = "SELECT id, name, email FROM users";
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        while (await reader.ReadAsync(Cancelled))
            users.Add(reader.GetString(2), new(reader.GetInt64(0), reader.GetString(1), reader.GetString(2)));
        return users;
    }

    private sealed record User(long Id, string Name, string Email);

    private sealed class Journal
    {
        public const string Refused = "Refused";

        public ConcurrentDictionary<string, bool> Sent { get; } = [];

        public ConcurrentBag<User> Acknowledged { get; } = [];
    }
}
