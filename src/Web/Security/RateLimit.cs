using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using UserCqrs.Web.Hosting;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>429 for a caller, known by its credential or else by its address, that asks too much (RFC 6585 §4).</summary>
internal static class RateLimit
{
    /// <summary>
    /// How many buckets there are for addresses: with one for each, a sender of many addresses would fill the memory. Two callers
    /// share one by chance alone, because the hash differs from process to process.
    /// </summary>
    private const int AddressBuckets = 1 << 16;

    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitsOptions>>((limiter, limits) =>
        {
            var perSecond = limits.Value.RequestsPerSecond;
            var bucket = new TokenBucketRateLimiterOptions
            {
                TokensPerPeriod = perSecond ?? LimitsOptions.RequestsPerSecondByDefault,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                TokenLimit = 2 * (perSecond ?? LimitsOptions.RequestsPerSecondByDefault),
                AutoReplenishment = false, // the limiter of all callers does that
            };
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                perSecond == 0 || (perSecond is null && Loopback.IsCaller(context)) ? RateLimitPartition.GetNoLimiter("")
                    : RateLimitPartition.GetTokenBucketLimiter(KeyOf(context), _ => bucket));
            limiter.OnRejected = (rejected, _) => new(new Problem(ProblemType.TooManyRequests).ExecuteAsync(rejected.HttpContext));
        });
    }

    private static string KeyOf(HttpContext context) => context.User.Identity?.Name ?? BucketOf(context.Connection.RemoteIpAddress);

    private static string BucketOf(IPAddress? address)
    {
        // Whoever has one IPv6 address has 2^64.
        var hash = address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? HashCode.Combine(BitConverter.ToUInt64(address.GetAddressBytes()))
            : HashCode.Combine(address?.MapToIPv4());
        return string.Create(CultureInfo.InvariantCulture, $"address:{(uint)hash % AddressBuckets}");
    }
}
