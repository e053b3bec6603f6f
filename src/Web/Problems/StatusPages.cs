namespace UserCqrs.Web.Problems;

/// <summary>
/// Gives a body to the refusals of the framework itself, which have none. The framework's own middleware for this would cost
/// every request an allocation.
/// </summary>
internal static class StatusPages
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var response = context.Response;
        if (response.StatusCode >= 400 && response is { HasStarted: false, ContentLength: null, ContentType: null }
            && ProblemType.All.FirstOrDefault(type => type.Status == response.StatusCode && type != ProblemType.UserNotFound) is { } type)
            await new Problem(type).ExecuteAsync(context);
    }
}
