using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using UserCqrs.Application.Common;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests;

/// <summary>What a consumer sees of a mistake of the service's own: nothing but that there was one.</summary>
[OnOneDatabase("the error is planted before a database is used")]
public sealed class InternalErrorTests(InternalErrorTests.BrokenService service)
    : HttpTests(service), IClassFixture<InternalErrorTests.BrokenService>
{
    [Fact]
    public async Task V1_answers_a_problem_that_gives_nothing_away()
    {
        var response = await PostAsync("/v1/users", Fields("Ann", NewEmail()));

        response.IsProblem(500, "internal-error");
        Assert.DoesNotContain("canary", response.Text);
        Assert.DoesNotContain("Exception", response.Text);
        Assert.DoesNotContain("   at ", response.Text);
    }

    [Fact]
    public async Task Classic_answers_in_its_own_shape() =>
        (await PostAsync("/user", Fields("Ann", NewEmail()))).Is(500, """{"detail":"Internal Server Error"}""");

    public class BrokenService : SqliteUsersService
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Logging:LogLevel:Default", "None");
            builder.ConfigureTestServices(services => services.AddSingleton<IUnitOfWork, BrokenUnitOfWork>());
        }
    }

    private sealed class BrokenUnitOfWork : IUnitOfWork
    {
        public Task<TResult> ExecuteAsync<TResult>(Func<Task<TResult>> work, Saves saves, CancellationToken cancellationToken)
            where TResult : IResult<TResult> =>
            throw new InvalidOperationException("canary: SELECT * FROM users; /var/lib/users.db");
    }
}
