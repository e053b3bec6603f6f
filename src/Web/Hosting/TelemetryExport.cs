using System.Collections.Frozen;
using System.Diagnostics;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using UserCqrs.Application.Common;

namespace UserCqrs.Web.Hosting;

/// <summary>Traces and metrics over OTLP. Names, e-mail addresses and whatever else a caller sent stay in the service.</summary>
internal static class TelemetryExport
{
    private const string StableNames = "OTEL_SEMCONV_STABILITY_OPT_IN";

    /// <summary>
    /// Exports to the address in <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; the other settings are the OpenTelemetry specification's
    /// own variables. Without an address nothing is set up and nothing is collected.
    /// </summary>
    public static void AddTelemetryExport(this IServiceCollection services, IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;

        // Lets EF Core's instrumentation use the stable names of tags, as Npgsql does. It reads the environment alone.
        if (Environment.GetEnvironmentVariable(StableNames) is null)
            Environment.SetEnvironmentVariable(StableNames, "database");
        services.AddExport();
    }

    // A method of its own, because calling it loads the libraries.
    private static void AddExport(this IServiceCollection services)
    {
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator()); // the default also takes over the caller's baggage
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("usercqrs").AddEnvironmentVariableDetector())
            .WithTracing(traces => traces
                .AddSource(Telemetry.Name)
                .AddAspNetCoreInstrumentation()
                .AddEntityFrameworkCoreInstrumentation()
                .AddNpgsql()
                .AddProcessor(new SpanRedaction())
                .AddOtlpExporter())
            .WithMetrics(metrics => metrics
                .AddMeter(Telemetry.Name, "Microsoft.EntityFrameworkCore")
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation()
                .AddNpgsqlInstrumentation()
                .AddOtlpExporter());
    }

    /// <summary>Removes from every span what may hold something that a caller sent, before the span is exported.</summary>
    private sealed class SpanRedaction : BaseProcessor<Activity>
    {
        /// <summary>
        /// Tags that the service or its libraries fill from a fixed set of values. Missing here on purpose, among others: path,
        /// query, host and user agent, which callers choose, and the text of statements, which might hold a literal.
        /// </summary>
        private static readonly FrozenSet<string> SafeTags = FrozenSet.Create(
            "outcome", "error.type", "http.request.method", "http.route", "http.response.status_code", "url.scheme",
            "network.protocol.version", "db.system", "db.system.name", "db.query.summary", "db.response.status_code");

        /// <summary>A caller may write anything into <c>tracestate</c>. The service calls nobody who would need it.</summary>
        public override void OnStart(Activity data) => data.TraceStateString = null;

        public override void OnEnd(Activity data)
        {
            foreach (var (name, _) in data.TagObjects.Where(tag => !SafeTags.Contains(tag.Key)).ToList())
                data.SetTag(name, null);
            data.SetStatus(data.Status); // drops the description, which is the message of an exception

            // Npgsql adds an exception's message and stack to the span of a statement that failed, as an event, and events cannot
            // be removed. Such a span is not exported; EF Core's span around it is, and says that the statement failed.
            if (data.Events.Any())
                data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
