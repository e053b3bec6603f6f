using System.Collections.Concurrent;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Security;

/// <summary>Who calls is known to the request and to its commands.</summary>
[OnOneDatabase("it looks at the caller, before a database is used")]
public sealed class CallerTests(CallerTests.ListeningService service) : HttpTests(service), IClassFixture<CallerTests.ListeningService>
{
    [Fact]
    public async Task A_key_is_the_caller_of_its_request_and_of_its_command()
    {
        var key = await service.CreateKeyAsync(lifetime: null, "users:write");
        while ((await DeleteAsync("/v1/users/404")).Status != 401) // until the service has read the key
            await Task.Delay(50, Cancelled);

        await SendAsync("DELETE", "/v1/users/404", null, ("Authorization", $"Bearer {key.Token}"));

        Assert.Equal($"key:{key.Id}", service.CallersOfCommands.Last());
        Assert.Equal([null, $"key:{key.Id}"], service.CallersOfRequests.TakeLast(2));
    }

    public class ListeningService : SqliteUsersService
    {
        public ConcurrentQueue<string?> CallersOfCommands { get; } = [];

        public ConcurrentQueue<string?> CallersOfRequests { get; } = [];

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services
                .AddTransient<IPipelineBehavior<DeleteUser, Result<long>>>(provider =>
                    new Listener(provider.GetRequiredService<ICurrentCaller>(), CallersOfCommands))
                .AddSingleton<IStartupFilter>(new Filter(CallersOfRequests)));
        }
    }

    private sealed class Listener(ICurrentCaller caller, ConcurrentQueue<string?> callers) : IPipelineBehavior<DeleteUser, Result<long>>
    {
        public Task<Result<long>> Handle(
            DeleteUser request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<long>> next)
        {
            callers.Enqueue(caller.Id);
            return next();
        }
    }

    private sealed class Filter(ConcurrentQueue<string?> callers) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, after) =>
            {
                context.Response.OnStarting(() =>
                {
                    callers.Enqueue(context.User.Identity?.Name);
                    return Task.CompletedTask;
                });
                return after(context);
            });
            next(app);
        };
    }
}
