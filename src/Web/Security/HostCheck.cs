using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>
/// 421 for a request that came to a loopback address under another name: a web page whose name was made to resolve to 127.0.0.1
/// (DNS rebinding). ASP.NET Core's own <c>AllowedHosts</c> stands in its place where set.
/// </summary>
internal static class HostCheck
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        context.Connection.LocalIpAddress is not null && Loopback.CameInBy(context.Connection) && !Loopback.IsName(context.Request.Host.Host)
            ? new Problem(ProblemType.Misdirected).ExecuteAsync(context)
            : next(context);
}
