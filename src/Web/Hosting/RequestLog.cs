using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using UserCqrs.Web.Problems;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.Hosting;

/// <summary>
/// Logs each request if <c>Logging:LogLevel:RequestLog</c> is <c>Information</c>. It logs nothing whose text a caller can
/// choose: no path, query string, header, address or body.
/// </summary>
internal sealed partial class RequestLog(RequestDelegate next, ILoggerFactory loggers)
{
    private const int ClientClosedRequest = 499; // nginx's status for a client that disconnected before the response

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    private readonly ILogger _logger = loggers.CreateLogger(nameof(RequestLog));

    /// <summary>The method and the route, such as <c>GET /v1/users/{id:long}</c>.</summary>
    public static string Describe(HttpContext context)
    {
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        var method = Methods.Contains(context.Request.Method) ? context.Request.Method : "another method";
        return endpoint is RouteEndpoint { RoutePattern.RawText: var route }
            ? $"{method} /{route?.TrimStart('/')}"
            : $"{method}, no route";
    }

    public Task InvokeAsync(HttpContext context) => _logger.IsEnabled(LogLevel.Information) ? LogAsync(context) : next(context);

    private async Task LogAsync(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var request = Describe(context);
            var isAborted = context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted;
            var status = isAborted ? ClientClosedRequest : context.Response.StatusCode;
            var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            var caller = Caller.NameInLog(context.User);
            var traceId = TraceIds.Of(context);
            LogRequest(request, status, milliseconds, caller, traceId);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information, Message = "{Request}: {Status} in {Milliseconds:0.0} ms, {Caller}, trace {TraceId}")]
    private partial void LogRequest(string request, int status, double milliseconds, string caller, string traceId);
}
