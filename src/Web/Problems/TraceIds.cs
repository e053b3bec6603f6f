using System.Diagnostics;

namespace UserCqrs.Web.Problems;

/// <summary>
/// Determines the trace of a request (W3C Trace Context): the current trace if traces are collected, else the caller's, else a
/// new one. Only problems and the log need it, so other requests do not pay for an activity.
/// </summary>
internal static class TraceIds
{
    public static string Of(HttpContext context)
    {
        if (Activity.Current is { } activity)
            return activity.TraceId.ToHexString();
        return ActivityContext.TryParse(context.Request.Headers.TraceParent, null, out var caller)
            ? caller.TraceId.ToHexString()
            : ActivityTraceId.CreateRandom().ToHexString();
    }
}
