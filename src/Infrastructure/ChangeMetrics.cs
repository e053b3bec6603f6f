using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using UserCqrs.Application.Changes;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure;

/// <summary>Records the size and the lag of the log of changes every 15 seconds, if metrics are exported.</summary>
internal sealed class ChangeMetrics(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ChangeMetrics> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly FaultLog _faults = new(logger, clock, "The log of changes cannot be measured");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            if (Telemetry.ChangeEntries.Enabled)
                await RecordAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RecordAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
            var size = (await mediator.Send(new MeasureChanges(), cancellationToken)).Value;
            Telemetry.ChangeEntries.Record(size.Entries);
            Telemetry.ChangesKept.Record(size.Kept.TotalSeconds);
            Telemetry.ChangesLag.Record(size.Lag.TotalSeconds);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested) // it would stop the service
        {
            _faults.Occurred(e.Message);
        }
    }
}
