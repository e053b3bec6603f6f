using System.Net;

namespace UserCqrs.Web.Security;

/// <summary>What stays on this machine.</summary>
internal static class Loopback
{
    // What proxies add (RFC 7239, and the habit before it).
    private static readonly string[] ForwardingHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    /// <summary>Whether the connection came in by a loopback address, or a Unix domain socket, which has none.</summary>
    public static bool CameInBy(ConnectionInfo connection) => IsLoopback(connection.LocalIpAddress);

    /// <summary>
    /// Whether the caller is on this machine too: the request came from a loopback address, says to have come through no proxy, and
    /// names this machine, as that of a web page under another name (DNS rebinding) does not.
    /// </summary>
    public static bool IsCaller(HttpContext context)
    {
        if (!CameInBy(context.Connection) || !IsLoopback(context.Connection.RemoteIpAddress) || !IsName(context.Request.Host.Host))
            return false;
        foreach (var header in ForwardingHeaders)
        {
            if (context.Request.Headers.ContainsKey(header))
                return false;
        }

        return true;
    }

    /// <summary>Whether a host name is of this machine (RFC 6761 §6.3).</summary>
    public static bool IsName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) && !host.StartsWith('.') && !host.Contains("..", StringComparison.Ordinal))
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsLoopback(IPAddress? address) => address is null || IPAddress.IsLoopback(address);
}
