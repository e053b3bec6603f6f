using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>
/// Sends 421 for a request to a loopback address whose Host is another name. A web page can send such requests by making its own
/// name resolve to 127.0.0.1 (DNS rebinding). ASP.NET Core's <c>AllowedHosts</c>, if set, replaces this check.
/// </summary>
internal static class HostCheck
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        context.Connection.LocalIpAddress is not null && Loopback.CameInBy(context.Connection)
        && !Loopback.IsName(context.Request.Host.Host)
            ? new Problem(ProblemType.Misdirected).ExecuteAsync(context)
            : next(context);
}
