using FastEndpoints;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using UserCqrs.Domain;
using UserCqrs.Infrastructure;
using UserCqrs.Web.Hosting;
using UserCqrs.Web.Http;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Security;

/// <summary>
/// Sets <see cref="HttpContext.User"/> to the caller that <see cref="CallerReader"/> identifies, and admits callers that have
/// the scope named by the route's policy.
/// </summary>
/// <remarks>Replaces ASP.NET Core's own middleware, which takes 13 µs and 5 KB per request (decision 007).</remarks>
internal sealed class AccessControl(
    RequestDelegate next, CallerReader callers, RateLimit rateLimit, TimeProvider clock, ILogger<AccessControl> logger)
{
    private readonly FaultLog _unauthorized = new(logger, clock, "Callers get 401");
    private readonly FaultLog _forbidden = new(logger, clock, "Callers get 403");

    public async Task InvokeAsync(HttpContext context)
    {
        if (await CheckAsync(context) is not { } problem)
            await next(context);
        else if (problem.Type != ProblemType.TooManyRequests && await RequestBody.TurnsOutTooLargeAsync(context))
            await new Problem(ProblemType.PayloadTooLarge).ExecuteAsync(context); // 413 comes before 401
        else
            await ReportAsync(problem, context);
    }

    private Task ReportAsync(Problem problem, HttpContext context)
    {
        var log = problem.Type == ProblemType.Unauthorized ? _unauthorized
            : problem.Type == ProblemType.Forbidden ? _forbidden
            : null;
        log?.Occurred($"{RequestLog.Describe(context)}, {Caller.NameInLog(context.User)}: {problem.Detail}");
        return problem.ExecuteAsync(context);
    }

    private async ValueTask<Problem?> CheckAsync(HttpContext context)
    {
        if (ScopeOf(context.GetEndpoint()) is not { } scope)
        {
            // Health probes are not rate-limited. Routes with a scope always are.
            var isLimited = context.GetEndpoint()?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is null;
            return isLimited ? rateLimit.Check(context) : null;
        }

        var (caller, problem) = await callers.ReadAsync(context);
        if (caller is not null)
            context.User = caller;
        problem = rateLimit.Check(context) ?? problem ?? (caller!.May(scope) ? null : Challenge.NoScope(scope));
        if (problem is null && scope != Scope.Read) // queries do not use the caller's id
            context.RequestServices.GetRequiredService<CurrentCaller>().Id = caller!.Identity!.Name;
        return problem;
    }

    private static string? ScopeOf(Endpoint? endpoint)
    {
        if (endpoint?.Metadata.GetMetadata<EndpointDefinition>()?.PreBuiltUserPolicies is [var scope])
            return scope;
        if (endpoint is RouteEndpoint && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            throw new InvalidOperationException($"The route {endpoint.DisplayName} does not say who may call it.");
        return null;
    }
}
