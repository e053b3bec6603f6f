using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using UserCqrs.Application.Users;

namespace UserCqrs.Infrastructure;

/// <summary>Asks for a user while the server starts: EF Core's first query takes a quarter of a second, which nobody should wait for.</summary>
internal sealed class WarmUp(IServiceScopeFactory scopes) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new GetUser(0), stoppingToken);
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            // That is told to whoever asks for a user, and by the health check.
        }
    }
}
