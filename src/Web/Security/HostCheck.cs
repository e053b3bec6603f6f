using Microsoft.Extensions.Primitives;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>
/// Sends 421 for a request whose Host is not a name of this service: for a request to a loopback address, a name other than that
/// address or localhost. A web page can send such requests by making its own name resolve to 127.0.0.1 (DNS rebinding). The
/// setting <c>AllowedHosts</c> adds names, and restricts all other addresses to them.
/// </summary>
/// <remarks>Replaces the check of ASP.NET Core by that setting, which sends an HTML page.</remarks>
internal sealed class HostCheck(RequestDelegate next, IConfiguration configuration)
{
    private readonly StringSegment[] _allowed = [.. (configuration["AllowedHosts"] ?? "")
        .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(name => new StringSegment(name))];

    public Task InvokeAsync(HttpContext context) =>
        IsOurs(context.Request.Host.Host, context.Connection)
            ? next(context)
            : new Problem(ProblemType.Misdirected).ExecuteAsync(context);

    private bool IsOurs(string host, ConnectionInfo connection)
    {
        var isToLoopback = connection.LocalIpAddress is not null && Loopback.CameInBy(connection);
        if (isToLoopback ? Loopback.IsName(host) : _allowed.Length == 0)
            return true;
        return _allowed.Contains("*") || (host.Length > 0 && HostString.MatchesAny(host, _allowed));
    }
}
