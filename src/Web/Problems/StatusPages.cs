using Microsoft.AspNetCore.Diagnostics;

namespace UserCqrs.Web.Problems;

/// <summary>Gives a body to the refusals of the framework itself, which have none.</summary>
internal static class StatusPages
{
    public static Task WriteAsync(StatusCodeContext context) =>
        ProblemType.All.FirstOrDefault(type => type.Status == context.HttpContext.Response.StatusCode && type != ProblemType.UserNotFound)
            is { } type
            ? new Problem(type).ExecuteAsync(context.HttpContext)
            : Task.CompletedTask;
}
