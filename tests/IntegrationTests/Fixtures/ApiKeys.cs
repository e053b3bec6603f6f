using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using UserCqrs.Application;
using UserCqrs.Application.ApiKeys;
using UserCqrs.Application.Common;
using UserCqrs.Infrastructure.ApiKeys;

namespace UserCqrs.IntegrationTests.Fixtures;

/// <summary>The use cases of API keys, in this process, as the command line sends them.</summary>
internal static class ApiKeys
{
    public static Task<NewApiKey> CreateAsync(IConfiguration settings) =>
        SendAsync(settings, new CreateApiKey("test", ["users:read"]));

    public static async Task<TValue> SendAsync<TValue>(IConfiguration settings, IMessage<TValue> message)
    {
        await using var services = new ServiceCollection()
            .AddLogging().AddApplication().AddApiKeyAdministration(settings).BuildServiceProvider();
        return (await services.GetRequiredService<IMediator>().Send(message, TestContext.Current.CancellationToken)).Value;
    }
}
