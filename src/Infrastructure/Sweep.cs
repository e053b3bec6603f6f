using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using UserCqrs.Application.Changes;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure;

/// <summary>
/// Removes what has expired or was erased, at the start and then every minute, in small steps between which other commands run.
/// </summary>
internal sealed class Sweep(
    IServiceScopeFactory scopes, IOptions<ChangesOptions> changes, TimeProvider clock, ILogger<Sweep> logger)
    : BackgroundService
{
    private const int PerStep = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseBetweenSteps = TimeSpan.FromMilliseconds(20);

    private readonly FaultLog _faults = new(logger, clock, "Expired data cannot be removed");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                var before = clock.GetUtcNow().AddDays(-changes.Value.RetentionDays);
                while (await SendAsync(new ForgetIdempotencyKeys(PerStep), stoppingToken) == PerStep)
                {
                }

                while (await SendAsync(new ForgetChanges(before, PerStep), stoppingToken) > 0)
                {
                }

                while (await SendAsync(new PurgeSearch(), stoppingToken))
                {
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) // it would stop the service
            {
                _faults.Occurred(e.Message); // the next sweep tries again
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<T> SendAsync<T>(ICommand<T> command, CancellationToken cancellationToken)
    {
        await Task.Delay(PauseBetweenSteps, clock, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command, cancellationToken)).Value;
    }
}
