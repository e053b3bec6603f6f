using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using UserCqrs.Web.Hosting;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>429 for a caller, known by its credential or else by its address, that asks too much (RFC 6585 §4).</summary>
internal sealed class RateLimit : IDisposable
{
    private readonly int? _perSecond;
    private readonly PartitionedRateLimiter<string> _limiter;

    public RateLimit(IOptions<LimitsOptions> options)
    {
        _perSecond = options.Value.RequestsPerSecond;
        var perSecond = _perSecond ?? LimitsOptions.RequestsPerSecondByDefault;
        _limiter = PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetTokenBucketLimiter(caller, _ => new()
        {
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            TokenLimit = 2 * perSecond,
            AutoReplenishment = false, // the limiter of all callers does that
        }));
    }

    /// <summary>Counts the request, and answers why it is one too many, or <c>null</c>.</summary>
    public Problem? Refuse(HttpContext context, Caller? caller)
    {
        if (_perSecond == 0 || (_perSecond is null && Loopback.IsCaller(context)))
            return null;
        using var permit = _limiter.AttemptAcquire(caller?.Id ?? NetworkOf(context.Connection.RemoteIpAddress));
        return permit.IsAcquired ? null : new(ProblemType.TooManyRequests);
    }

    public void Dispose() => _limiter.Dispose();

    // Whoever has one IPv6 address has 2^64.
    private static string NetworkOf(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false })
            return address?.ToString() ?? "";
        var octets = address.GetAddressBytes();
        return string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexString(octets.AsSpan(0, 8))}/64");
    }
}
