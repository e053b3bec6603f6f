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

/// <summary>Exports traces and metrics over OTLP, without names, e-mail addresses or other input of callers.</summary>
internal static class TelemetryExport
{
    private const string StableNames = "OTEL_SEMCONV_STABILITY_OPT_IN";

    /// <summary>
    /// Exports to the address in <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>. The other settings are the variables of the OpenTelemetry
    /// specification. Without an address, nothing is collected.
    /// </summary>
    public static void AddTelemetryExport(this IServiceCollection services, IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;

        // Makes EF Core's instrumentation use the stable names of tags, as Npgsql does. It reads only the environment.
        if (Environment.GetEnvironmentVariable(StableNames) is null)
            Environment.SetEnvironmentVariable(StableNames, "database");
        services.AddExport();
    }

    // A separate method, because calling it loads the libraries.
    private static void AddExport(this IServiceCollection services)
    {
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator()); // the default also propagates the caller's baggage
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

    /// <summary>Removes everything that may contain input of a caller from a span before it is exported.</summary>
    private sealed class SpanRedaction : BaseProcessor<Activity>
    {
        /// <summary>
        /// Tags that the service or its libraries fill from a fixed set of values. Deliberately omitted are, among others,
        /// path, query, host and user agent, which callers choose, and the text of statements, which might contain a literal.
        /// </summary>
        private static readonly FrozenSet<string> SafeTags = FrozenSet.Create(
            "outcome", "error.type", "http.request.method", "http.route", "http.response.status_code", "url.scheme",
            "network.protocol.version", "db.system", "db.system.name", "db.query.summary", "db.response.status_code");

        /// <summary>
        /// Drops <c>tracestate</c>, into which a caller may write anything. The service calls no other service that would need
        /// it.
        /// </summary>
        public override void OnStart(Activity data) => data.TraceStateString = null;

        public override void OnEnd(Activity data)
        {
            foreach (var (name, _) in data.TagObjects.Where(tag => !SafeTags.Contains(tag.Key)).ToList())
                data.SetTag(name, null);
            data.SetStatus(data.Status); // drops the description, which is the message of an exception

            // Npgsql adds the message and stack of an exception to the span of a failed statement as an event, and events
            // cannot be removed. Such a span is not exported. EF Core's span around it is exported, and records that the
            // statement failed.
            if (data.Events.Any())
                data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
