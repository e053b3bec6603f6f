using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace UserCqrs.Web.Hosting;

/// <summary>The section <c>Shutdown</c> of the configuration.</summary>
internal sealed class ShutdownOptions
{
    /// <summary>How long the service reports "not ready" before it stops listening, 0 to 300 seconds; 1 by default.</summary>
    [Range(0, 300)]
    public double DrainSeconds { get; init; } = 1;
}

/// <summary>
/// After SIGTERM, SIGINT or SIGHUP, the service reports "not ready" but still serves requests for a while, so that load
/// balancers can stop using it in time. Every response then closes its connection, so that no client sends a request on a
/// connection that is about to be closed.
/// </summary>
internal sealed partial class Drain(IHostApplicationLifetime lifetime, IOptions<ShutdownOptions> options, ILogger<Drain> logger)
    : IHealthCheck, IHostedLifecycleService, IDisposable
{
    private PosixSignalRegistration? _hangUp;

    private bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // When the response starts, because the service may begin to stop before that, and an exception clears earlier headers.
        context.Response.OnStarting(CloseIfStopping, context);
        return next(context);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(IsStopping
            ? HealthCheckResult.Unhealthy("The service is stopping.")
            : HealthCheckResult.Healthy());

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        LogStopping(options.Value.DrainSeconds);
        return Task.Delay(TimeSpan.FromSeconds(options.Value.DrainSeconds), cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // The host's console lifetime handles the other signals.
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true; // otherwise the process ends at once
            lifetime.StopApplication();
        });
        return Task.CompletedTask;
    }

    public void Dispose() => _hangUp?.Dispose();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Stopping: the service still serves for {Seconds} s while /health/ready returns "
        + "503, then finishes the requests in flight")]
    private partial void LogStopping(double seconds);

    private Task CloseIfStopping(object context)
    {
        if (IsStopping)
            Close((HttpContext)context);
        return Task.CompletedTask;
    }

    private static void Close(HttpContext context)
    {
        if (HttpProtocol.IsHttp2(context.Request.Protocol))
            context.Features.Get<IConnectionLifetimeNotificationFeature>()!.RequestClose(); // by GOAWAY (RFC 9113 §6.8)
        else
            context.Response.Headers.Connection = "close";
    }
}
