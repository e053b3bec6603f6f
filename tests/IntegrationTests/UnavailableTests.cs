using Microsoft.Data.Sqlite;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests;

/// <summary>What a consumer sees while another program holds the SQLite file.</summary>
public sealed class UnavailableTests(SqliteUsersService service) : HttpTests(service), IClassFixture<SqliteUsersService>
{
    [Fact(Timeout = 20_000)] // the driver itself waits five seconds for the file
    public async Task Says_when_to_come_back_and_keeps_nothing()
    {
        var email = NewEmail();
        await using var other = new SqliteConnection($"Data Source={service.DatabaseFile};Pooling=False");
        await other.OpenAsync(Cancelled);
        await using (await other.BeginTransactionAsync(Cancelled)) // SQLite's BEGIN IMMEDIATE: nobody else can write
        {
            var answer = await PostAsync("/v1/users", Fields("Ann", email));

            answer.IsProblem(503, "unavailable");
            Assert.Equal("1", answer.Header("Retry-After"));
            Assert.DoesNotContain("SQLite", answer.Text);
            Assert.Equal(200, (await GetAsync("/v1/users")).Status);
        }

        await NewUserAsync(email: email);
    }
}
