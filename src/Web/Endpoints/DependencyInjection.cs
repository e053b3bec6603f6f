using FastEndpoints;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using UserCqrs.Web.Endpoints.Classic;
using UserCqrs.Web.Endpoints.V1;
using UserCqrs.Web.Security;
using Endpoint = Microsoft.AspNetCore.Http.Endpoint;

namespace UserCqrs.Web.Endpoints;

/// <summary>FastEndpoints, and what of it this service leaves out.</summary>
internal static class DependencyInjection
{
    // A list, because a search would load every type of the assembly, with libraries that the service may not need.
    private static readonly List<Type> All =
    [
        typeof(CreateUserEndpoint), typeof(GetUserEndpoint), typeof(ListUsersEndpoint), typeof(ReplaceUserEndpoint),
        typeof(PatchUserEndpoint), typeof(DeleteUserEndpoint),
        typeof(ClassicCreateUserEndpoint), typeof(ClassicGetUserEndpoint), typeof(ClassicListUsersEndpoint),
        typeof(ClassicUpdateUserEndpoint), typeof(ClassicDeleteUserEndpoint),
        typeof(HomeEndpoint), typeof(ProblemPagesEndpoint),
    ];

    public static void AddEndpoints(this IServiceCollection services)
    {
        services.AddFastEndpoints(All);
        services.RemoveAll<IHttpContextAccessor>(); // nothing asks for it, and it costs every request an AsyncLocal
    }

    public static void MapEndpoints(this WebApplication app)
    {
        // FastEndpoints keeps this once for the whole process: nothing here may depend on the host.
        app.MapFastEndpoints(static config =>
        {
            config.Binding.JsonExceptionTransformer = null; // or a JsonException of ours would be the caller's fault
            config.Validation.UsePropertyNamingPolicy = false; // or it would rename members for every validator of the process
            config.Endpoints.Configurator = static endpoint =>
            {
                CheckAccess(endpoint);
                endpoint.DontAutoSendResponse(); // endpoints execute their IResult; FastEndpoints would turn an empty 304 into 204
                endpoint.Description(static route => route.ClearDefaultAccepts()); // or it would answer 415 by itself
                if (endpoint.EndpointSummary is { } operation)
                    endpoint.Description(route => route.WithMetadata(operation));
            };
        });

        var sources = ((IEndpointRouteBuilder)app).DataSources;
        var served = new WithoutListOfRoutes([.. sources]);
        sources.Clear();
        sources.Add(served);
    }

    private static void CheckAccess(EndpointDefinition endpoint)
    {
        var isAnonymous = endpoint is { AnonymousVerbs: not null, PreBuiltUserPolicies: null };
        var hasScope = endpoint is { AnonymousVerbs: null, PreBuiltUserPolicies: [Scope.Read or Scope.Write or Scope.Admin] };
        object?[] ignored =
        [
            endpoint.AllowedRoles, endpoint.AllowedPermissions, endpoint.AllowedScopes, endpoint.AllowedClaimTypes,
            endpoint.AuthSchemeNames, endpoint.PolicyBuilder,
        ];
        if (isAnonymous == hasScope || ignored.Any(rule => rule is not null))
            throw new InvalidOperationException(
                $"{endpoint.EndpointType.Name} must say who may call it, by AllowAnonymous() or by Policies() with one scope. "
                + "AccessControl heeds nothing else.");
    }

    /// <summary>All endpoints except the one that FastEndpoints adds, which shows every caller the list of routes.</summary>
    private sealed class WithoutListOfRoutes(EndpointDataSource[] mapped) : EndpointDataSource
    {
        private const string ListOfRoutes = "_test_url_cache_";

        public override IReadOnlyList<Endpoint> Endpoints => [.. mapped.SelectMany(source => source.Endpoints)
            .Where(endpoint => (endpoint as RouteEndpoint)?.RoutePattern.RawText != ListOfRoutes)];

        public override IChangeToken GetChangeToken() => NullChangeToken.Singleton;
    }
}
