using FastEndpoints;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using Endpoint = Microsoft.AspNetCore.Http.Endpoint;

namespace UserCqrs.Web.Endpoints;

/// <summary>FastEndpoints, and what of it this service leaves out.</summary>
internal static class DependencyInjection
{
    public static void AddEndpoints(this IServiceCollection services)
    {
        services.AddFastEndpoints(discovery =>
        {
            discovery.DisableAutoDiscovery = true;
            discovery.Assemblies = [typeof(DependencyInjection).Assembly];
        });
        services.RemoveAll<IHttpContextAccessor>(); // nothing asks for it, and it costs every request an AsyncLocal
    }

    public static void MapEndpoints(this WebApplication app)
    {
        // FastEndpoints keeps this once for the whole process: nothing here may depend on the host.
        app.MapFastEndpoints(static config =>
        {
            config.Binding.JsonExceptionTransformer = null; // or a JsonException of ours would be the caller's fault
            config.Validation.UsePropertyNamingPolicy = false; // messages are validated by the mediator's pipeline
            config.Endpoints.Configurator = static endpoint =>
            {
                if (endpoint is { AnonymousVerbs: null, PreBuiltUserPolicies: null })
                    throw new InvalidOperationException($"{endpoint.EndpointType.Name} does not say who may call it.");
                endpoint.DontAutoSendResponse(); // or a 304, whose body is empty, would become 204
                endpoint.Description(static route => route.ClearDefaultAccepts()); // or it would answer 415 by itself
                if (endpoint.EndpointSummary is { } operation)
                    endpoint.Description(route => route.WithMetadata(operation));
            };
        });

        var mapped = ((IEndpointRouteBuilder)app).DataSources;
        var served = new ServedEndpoints([.. mapped]);
        mapped.Clear();
        mapped.Add(served);
    }

    /// <summary>All endpoints but the one by which FastEndpoints tells every caller all routes.</summary>
    private sealed class ServedEndpoints(EndpointDataSource[] mapped) : EndpointDataSource
    {
        private const string ListOfRoutes = "_test_url_cache_";

        public override IReadOnlyList<Endpoint> Endpoints => [.. mapped.SelectMany(source => source.Endpoints)
            .Where(endpoint => (endpoint as RouteEndpoint)?.RoutePattern.RawText != ListOfRoutes)];

        public override IChangeToken GetChangeToken() => NullChangeToken.Singleton;
    }
}
