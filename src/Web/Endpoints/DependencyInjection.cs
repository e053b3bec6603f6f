using FastEndpoints;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using UserCqrs.Domain;
using UserCqrs.Web.Endpoints.Classic;
using UserCqrs.Web.Endpoints.V1;
using UserCqrs.Web.Endpoints.V1.Events;
using UserCqrs.Web.Http.Bulk;
using Endpoint = Microsoft.AspNetCore.Http.Endpoint;

namespace UserCqrs.Web.Endpoints;

/// <summary>Configures FastEndpoints, and disables the features that this service does not use.</summary>
internal static class DependencyInjection
{
    // A fixed list, because FastEndpoints' search would load all types of the assembly, and libraries that may not be needed.
    private static readonly List<Type> All =
    [
        typeof(CreateUserEndpoint), typeof(GetUserEndpoint), typeof(ListUsersEndpoint), typeof(ReplaceUserEndpoint),
        typeof(PatchUserEndpoint), typeof(DeleteUserEndpoint), typeof(GetUserByExternalIdEndpoint), typeof(UpsertUserEndpoint),
        typeof(LookUpUsersEndpoint), typeof(ImportUsersEndpoint), typeof(ExportUsersEndpoint),
        typeof(ListChangesEndpoint), typeof(ListUserChangesEndpoint), typeof(RestoreUserEndpoint), typeof(EraseUserEndpoint),
        typeof(ClassicCreateUserEndpoint), typeof(ClassicGetUserEndpoint), typeof(ClassicListUsersEndpoint),
        typeof(ClassicUpdateUserEndpoint), typeof(ClassicDeleteUserEndpoint),
        typeof(HomeEndpoint), typeof(ProblemPagesEndpoint),
    ];

    public static void AddEndpoints(this IServiceCollection services)
    {
        services.AddFastEndpoints(All);
        services.AddScoped<UserImport>();
        services.AddSingleton<ChangeBroadcast>();
        services.AddSingleton<StreamLimits>();
        services.RemoveAll<IHttpContextAccessor>(); // unused, and it costs every request an AsyncLocal
    }

    public static void MapEndpoints(this WebApplication app)
    {
        // FastEndpoints keeps one configuration per process, so nothing here may depend on the host.
        app.MapFastEndpoints(static config =>
        {
            config.Binding.JsonExceptionTransformer = null; // it would blame the caller for any JsonException of the service
            config.Validation.UsePropertyNamingPolicy = false; // it would rename members for every validator in the process
            config.Endpoints.Configurator = static endpoint =>
            {
                CheckAccess(endpoint);
                endpoint.DontAutoSendResponse(); // endpoints execute their IResult; FastEndpoints would send 204 for an empty 304
                endpoint.Description(static route => route.ClearDefaultAccepts()); // FastEndpoints would send its own 415
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
                + "AccessControl ignores everything else.");
    }

    /// <summary>All endpoints except one that FastEndpoints adds, which would show the list of routes to every caller.</summary>
    private sealed class WithoutListOfRoutes(EndpointDataSource[] mapped) : EndpointDataSource
    {
        private const string ListOfRoutes = "_test_url_cache_";

        public override IReadOnlyList<Endpoint> Endpoints => [.. mapped.SelectMany(source => source.Endpoints)
            .Where(endpoint => (endpoint as RouteEndpoint)?.RoutePattern.RawText != ListOfRoutes)];

        public override IChangeToken GetChangeToken() => NullChangeToken.Singleton;
    }
}
