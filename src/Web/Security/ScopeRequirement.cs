using Microsoft.AspNetCore.Authorization;

namespace UserCqrs.Web.Security;

/// <summary>The policy of a route: the caller's credential must have this scope, or <see cref="Scope.Admin"/>.</summary>
internal sealed class ScopeRequirement(string scope) : AuthorizationHandler<ScopeRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.User.May(scope))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
