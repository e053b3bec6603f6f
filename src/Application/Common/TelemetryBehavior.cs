using System.Diagnostics;
using System.Diagnostics.Metrics;
using MediatR;

namespace UserCqrs.Application.Common;

/// <summary>Records a span and a duration for every command and query, without any input.</summary>
internal sealed class TelemetryBehavior<TMessage, TResult> : IPipelineBehavior<TMessage, TResult>
    where TMessage : IMessage, IRequest<TResult>
    where TResult : IResult<TResult>
{
    private static readonly string Name = typeof(TMessage).Name;

    public async Task<TResult> Handle(
        TMessage request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        using var activity = Telemetry.Activities.StartActivity(Name);
        var started = Stopwatch.GetTimestamp();
        var outcome = "Exception";
        try
        {
            var result = await next();
            outcome = result.Error?.Kind.ToString() ?? "Success";
            return result;
        }
        finally
        {
            activity?.SetTag("outcome", outcome);
            if (outcome == "Exception")
                activity?.SetStatus(ActivityStatusCode.Error);
            Telemetry.Duration.Record(
                Stopwatch.GetElapsedTime(started).TotalSeconds, new("message", Name), new("outcome", outcome));
        }
    }
}

/// <summary>The service's own traces and metrics, in addition to those of its libraries.</summary>
public static class Telemetry
{
    /// <summary>The name of the service's activity source and of its meter.</summary>
    public const string Name = "UserCqrs";

    internal static readonly ActivitySource Activities = new(Name);

    internal static readonly Meter Meter = new(Name);

    /// <summary>The number of entries in the log of changes.</summary>
    public static readonly Gauge<long> ChangeEntries = Meter.CreateGauge<long>(
        "usercqrs.changes.entries", "{entry}", "How many entries the log of changes has.");

    /// <summary>The age of the oldest entry in the log of changes.</summary>
    public static readonly Gauge<double> ChangesKept = Meter.CreateGauge<double>(
        "usercqrs.changes.kept", "s", "How old the oldest entry in the log of changes is.");

    /// <summary>The delay of the log of changes.</summary>
    public static readonly Gauge<double> ChangesLag = Meter.CreateGauge<double>(
        "usercqrs.changes.lag", "s", "How old the oldest change is that readers cannot see yet.");

    internal static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "usercqrs.message.duration", "s", "How long a command or query took, by message and outcome.");
}
