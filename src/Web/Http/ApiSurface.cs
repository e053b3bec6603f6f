using FastEndpoints;
using Microsoft.AspNetCore.Diagnostics;
using UserCqrs.Web.Endpoints.Classic;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>The behaviour that the routes of one API surface share. Each route has its surface as metadata.</summary>
/// <param name="Tag">The name of the surface in the OpenAPI document.</param>
/// <param name="Description">The description of the surface in the OpenAPI document.</param>
/// <param name="Paths">The prefixes of the paths of its routes.</param>
internal sealed record ApiSurface(string Tag, string Description, params string[] Paths)
{
    /// <summary>The surface for new consumers: strict, with problem details (RFC 9457).</summary>
    public static readonly ApiSurface V1 = new("v1", "Users, with versions, pages and problem details (RFC 9457).", "/v1")
    {
        IsStrict = true,
        ErrorMediaType = "application/problem+json",
        WriteProblemAsync = static (context, problem) => problem.WriteDetailsAsync(context),
    };

    /// <summary>The surface for clients of the tutorial's FastAPI app: lenient, with errors in FastAPI's format.</summary>
    public static readonly ApiSurface Classic = new("classic", "The five operations of the tutorial.", "/user", "/users")
    {
        WriteProblemAsync = ClassicErrors.WriteAsync,
    };

    /// <summary>All surfaces.</summary>
    public static readonly ApiSurface[] All = [V1, Classic];

    /// <summary>
    /// Whether these are errors: unknown query parameters and members of bodies, other media types of bodies (415), and an Accept
    /// header that excludes JSON (406).
    /// </summary>
    public bool IsStrict { get; private init; }

    /// <summary>The maximum size of a body in octets.</summary>
    public long MaxBody { get; private init; } = Hosting.KestrelLimits.MaxBody;

    /// <summary>The media type of errors.</summary>
    public string ErrorMediaType { get; private init; } = "application/json";

    /// <summary>Writes a problem in the format of this surface.</summary>
    public required Func<HttpContext, Problem, Task> WriteProblemAsync { get; init; }

    /// <summary>
    /// The surface of the route or, without a route, of the path; <see cref="V1"/> if the path belongs to none.
    /// </summary>
    public static ApiSurface Of(HttpContext context)
    {
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return endpoint?.Metadata.GetMetadata<ApiSurface>()
            ?? All.FirstOrDefault(surface => surface.Paths.Any(path => context.Request.Path.StartsWithSegments(path)))
            ?? V1;
    }
}

/// <summary>The routes of <see cref="ApiSurface.V1"/>.</summary>
internal sealed class V1Routes : Group
{
    public V1Routes() => Configure("", static routes => routes.Options(static route => route.WithMetadata(ApiSurface.V1)));
}

/// <summary>The routes of <see cref="ApiSurface.Classic"/>.</summary>
internal sealed class ClassicRoutes : Group
{
    public ClassicRoutes() =>
        Configure("", static routes => routes.Options(static route => route.WithMetadata(ApiSurface.Classic)));
}
