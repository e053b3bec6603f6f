using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests;

public abstract class HealthTests(UsersService service) : HttpTests(service)
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Is_live_and_ready_once_it_listens(string path)
    {
        var response = await GetAsync(path);

        Assert.Equal((200, "Healthy"), (response.Status, response.Text));
    }
}
