using System.Diagnostics;

namespace UserCqrs.Web.Problems;

/// <summary>
/// The trace a request belongs to (W3C Trace Context): the current one where traces are collected, else the caller's, else a
/// new one. Only problems need it, so nobody else pays for an activity.
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
