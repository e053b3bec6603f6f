using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;

namespace UserCqrs.Infrastructure;

/// <summary>Reads a user while the server starts, because EF Core's first query takes a quarter of a second.</summary>
internal sealed class WarmUp(IServiceScopeFactory scopes) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new GetUser(0), stoppingToken);
        }
        catch (DatabaseUnavailableException)
        {
            // Requests and the health check report that the database is unavailable.
        }
    }
}
