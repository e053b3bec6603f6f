using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using UserCqrs.Web.Hosting;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>Limits the rate of requests of each caller, identified by its credential or else its address (RFC 6585 §4).</summary>
internal sealed class RateLimit : IDisposable
{
    /// <summary>
    /// The number of buckets for addresses. With a bucket for each address, a sender with many addresses could exhaust the
    /// memory. Callers cannot choose to share a bucket, because the hash differs from process to process.
    /// </summary>
    private const int AddressBuckets = 1 << 16;

    private readonly int? _perSecond;
    private readonly PartitionedRateLimiter<string> _limiter;

    public RateLimit(IOptions<LimitsOptions> options)
    {
        _perSecond = options.Value.RequestsPerSecond;
        var perSecond = _perSecond ?? LimitsOptions.RequestsPerSecondByDefault;
        _limiter = PartitionedRateLimiter.Create<string, string>(caller =>
            RateLimitPartition.GetTokenBucketLimiter(caller, _ => new()
            {
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                TokenLimit = 2 * perSecond,
                AutoReplenishment = false, // the partitioned limiter replenishes all buckets
            }));
    }

    /// <summary>Counts the request. Returns 429 if it exceeds the limit, else <c>null</c>.</summary>
    public Problem? Check(HttpContext context)
    {
        if (_perSecond == 0 || (_perSecond is null && Loopback.IsCaller(context)))
            return null;
        using var permit = _limiter.AttemptAcquire(BucketOf(context));
        return permit.IsAcquired ? null : new(ProblemType.TooManyRequests);
    }

    /// <summary>
    /// The bucket in which the requests of a caller are counted: its credential's or, without one, its address's.
    /// </summary>
    public static string BucketOf(HttpContext context) =>
        context.User.Identity?.Name ?? BucketOf(context.Connection.RemoteIpAddress);

    public void Dispose() => _limiter.Dispose();

    private static string BucketOf(IPAddress? address)
    {
        // Only the network half of an IPv6 address counts, because a caller usually has 2^64 addresses in its network.
        var hash = address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? HashCode.Combine(BitConverter.ToUInt64(address.GetAddressBytes()))
            : HashCode.Combine(address?.MapToIPv4());
        return string.Create(CultureInfo.InvariantCulture, $"address:{(uint)hash % AddressBuckets}");
    }
}
