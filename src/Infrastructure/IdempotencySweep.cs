using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure;

/// <summary>Forgets expired idempotency keys every hour, in small steps between which other commands run.</summary>
internal sealed class IdempotencySweep(IServiceScopeFactory scopes, TimeProvider clock, ILogger<IdempotencySweep> logger)
    : BackgroundService
{
    private const int PerStep = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly FaultLog _faults = new(logger, clock, "Expired idempotency keys cannot be removed");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await ForgetAsync(stoppingToken) == PerStep)
                {
                }
            }
            catch (DatabaseUnavailableException e)
            {
                _faults.Occurred(e.Message); // the next sweep tries again
            }
        }
    }

    private async Task<int> ForgetAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        return (await mediator.Send(new ForgetIdempotencyKeys(PerStep), cancellationToken)).Value;
    }
}
