using System.Net;

namespace UserCqrs.Web.Security;

/// <summary>Recognises requests from this machine, and its names.</summary>
internal static class Loopback
{
    // Headers that proxies add (RFC 7239, and the conventions before it).
    private static readonly string[] ForwardingHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    /// <summary>
    /// Whether the connection was made to a loopback address, or to a Unix domain socket, which has no address.
    /// </summary>
    public static bool CameInBy(ConnectionInfo connection) => IsLoopback(connection.LocalIpAddress);

    /// <summary>
    /// Whether the caller is on this machine: the request came from a loopback address, has no header of a proxy, and its Host
    /// is a loopback name, which that of a DNS-rebinding page is not.
    /// </summary>
    public static bool IsCaller(HttpContext context)
    {
        if (!CameInBy(context.Connection) || !IsLoopback(context.Connection.RemoteIpAddress)
            || !IsName(context.Request.Host.Host))
            return false;
        foreach (var header in ForwardingHeaders)
        {
            if (context.Request.Headers.ContainsKey(header))
                return false;
        }

        return true;
    }

    /// <summary>Whether a host name is a loopback name (RFC 6761 §6.3) or a loopback address.</summary>
    public static bool IsName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            && !host.StartsWith('.') && !host.Contains("..", StringComparison.Ordinal))
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsLoopback(IPAddress? address) => address is null || IPAddress.IsLoopback(address);
}
