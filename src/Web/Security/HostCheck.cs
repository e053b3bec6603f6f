using System.Net;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>
/// 421 for a request that came to a loopback address under another name: a web page whose name was made to resolve to
/// 127.0.0.1 (DNS rebinding) would else be taken for a caller on this machine. ASP.NET Core's own <c>AllowedHosts</c> stands in its place where set.
/// </summary>
internal static class HostCheck
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        context.Connection.LocalIpAddress is { } address && IPAddress.IsLoopback(address) && !IsLoopbackName(context.Request.Host.Host)
            ? new Problem(ProblemType.Misdirected).ExecuteAsync(context)
            : next(context);

    // RFC 6761 §6.3
    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
