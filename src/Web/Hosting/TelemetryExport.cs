using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using UserCqrs.Application.Common;

namespace UserCqrs.Web.Hosting;

/// <summary>
/// Sends traces and metrics over OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says; its other settings are the
/// specification's own variables. What is not sent is not collected.
/// </summary>
internal sealed class TelemetryExport : IHostedService
{
    private readonly TracerProvider _traces = Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(resource => resource.AddService("usercqrs"))
        .AddSource(Telemetry.Name, "Microsoft.AspNetCore")
        .AddProcessor(new NoTraceState())
        .AddOtlpExporter()
        .Build();

    private readonly MeterProvider _metrics = Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource => resource.AddService("usercqrs"))
        .AddMeter(
            Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
            "Microsoft.EntityFrameworkCore", "Npgsql", "System.Runtime")
        .AddOtlpExporter()
        .Build();

    public static bool IsWanted(IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _traces.Dispose();
        _metrics.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>A caller may write anything into <c>tracestate</c>, a name or an address too. Nobody is called who would need it.</summary>
    private sealed class NoTraceState : BaseProcessor<Activity>
    {
        public override void OnStart(Activity data) => data.TraceStateString = null;
    }
}
