using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using UserCqrs.Web.Hosting;
using UserCqrs.Web.Problems;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.Endpoints.V1.Events;

/// <summary>Limits the number of streams that are open at the same time, in all and for each caller.</summary>
internal sealed class StreamLimits : IDisposable
{
    private readonly ConcurrencyLimiter _all;
    private readonly int? _perCaller;
    private readonly PartitionedRateLimiter<string> _callers;

    public StreamLimits(IOptions<LimitsOptions> options)
    {
        _all = new(new() { PermitLimit = options.Value.EventStreams });
        _perCaller = options.Value.EventStreamsPerCaller;
        _callers = PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetConcurrencyLimiter(
            caller, _ => new() { PermitLimit = _perCaller ?? LimitsOptions.EventStreamsPerCallerByDefault }));
    }

    /// <summary>
    /// Counts a stream until the result is disposed of. If the caller has too many streams, the problem is 429; if the service
    /// has, it is 503.
    /// </summary>
    public Place Enter(HttpContext context)
    {
        var isLimited = _perCaller is not null || !Loopback.IsCaller(context);
        var ofCaller = isLimited ? _callers.AttemptAcquire(RateLimit.BucketOf(context)) : null;
        if (ofCaller is { IsAcquired: false })
            return new(ofCaller, null, new(
                ProblemType.TooManyRequests, "The caller has as many streams of changes as are allowed."));
        var ofAll = _all.AttemptAcquire();
        return new(ofCaller, ofAll, ofAll.IsAcquired ? null
            : new(ProblemType.Unavailable, "The service has as many streams of changes as are allowed."));
    }

    public void Dispose()
    {
        _all.Dispose();
        _callers.Dispose();
    }

    /// <summary>A stream that is counted, unless there is a problem.</summary>
    public readonly record struct Place(RateLimitLease? OfCaller, RateLimitLease? OfAll, Problem? Problem) : IDisposable
    {
        public void Dispose()
        {
            OfCaller?.Dispose();
            OfAll?.Dispose();
        }
    }
}
