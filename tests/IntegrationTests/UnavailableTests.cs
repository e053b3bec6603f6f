using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests;

/// <summary>What a consumer sees while another program holds the SQLite file.</summary>
[OnOneDatabase("it holds a file; FaultTests has the troubles of a server")]
public sealed class UnavailableTests(UnavailableTests.ShortQueueService service)
    : HttpTests(service), IClassFixture<UnavailableTests.ShortQueueService>
{
    private const int Queue = 4;

    [Fact]
    public async Task Says_when_to_come_back_and_keeps_nothing()
    {
        var email = NewEmail();
        await using (await HoldFileAsync())
        {
            IsUnavailable(await PostAsync("/v1/users", Fields("Ann", email)));
            Assert.Equal(200, (await GetAsync("/v1/users")).Status);
        }

        await NewUserAsync(email: email);
    }

    [Fact]
    public async Task Refuses_at_once_what_the_queue_has_no_room_for()
    {
        List<Task<Response>> asked, refused = [];
        await using (await HoldFileAsync())
        {
            asked = [.. Enumerable.Range(0, 16).Select(_ => PostAsync("/v1/users", Fields("Queued", NewEmail())))];
            while (refused.Count < 16 - Queue - 1) // one more may be at the writer
            {
                refused.Add(await Task.WhenAny(asked.Except(refused)));
                IsUnavailable(await refused[^1]);
            }
        }

        var responses = await Task.WhenAll(asked);
        var kept = responses.Count(response => response.Status == 201);
        Assert.Equal($"{kept}", (await GetAsync("/v1/users?namePrefix=Queued&count=true")).Member("total"));
    }

    private static void IsUnavailable(Response response)
    {
        response.IsProblem(503, "unavailable");
        Assert.Equal("1", response.Header("Retry-After"));
        Assert.DoesNotContain("SQLite", response.Text);
    }

    private async Task<SqliteConnection> HoldFileAsync()
    {
        var other = new SqliteConnection($"Data Source={service.DatabaseFile};Pooling=False");
        await other.OpenAsync(Cancelled);
        await other.BeginTransactionAsync(Cancelled); // BEGIN IMMEDIATE: nobody else can write before it is disposed
        return other;
    }

    public sealed class ShortQueueService : SqliteUsersService
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Database:WriteQueue", $"{Queue}");
        }
    }
}
