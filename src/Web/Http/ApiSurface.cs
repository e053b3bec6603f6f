using FastEndpoints;
using Microsoft.AspNetCore.Diagnostics;
using UserCqrs.Web.Endpoints.Classic;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>What the routes of one API surface have in common. Each of them has it as metadata.</summary>
/// <param name="Tag">What the OpenAPI document calls it.</param>
/// <param name="Description">What the document says of it.</param>
/// <param name="Paths">What its routes start with.</param>
internal sealed record ApiSurface(string Tag, string Description, params string[] Paths)
{
    /// <summary>For every new consumer: strict, with problem details (RFC 9457).</summary>
    public static readonly ApiSurface V1 = new("v1", "Users, with versions, pages and problem details (RFC 9457).", "/v1")
    {
        IsStrict = true,
        ErrorMediaType = "application/problem+json",
        WriteProblemAsync = static (context, problem) => problem.WriteDetailsAsync(context),
    };

    /// <summary>For clients of the tutorial's FastAPI app, which is lenient and has errors of its own shape.</summary>
    public static readonly ApiSurface Classic = new("classic", "The five operations of the tutorial.", "/user", "/users")
    {
        WriteProblemAsync = ClassicErrors.WriteAsync,
    };

    /// <summary>All of them.</summary>
    public static readonly ApiSurface[] All = [V1, Classic];

    /// <summary>
    /// Whether what is not known is an error: query parameters, members of bodies, media types of bodies (415), and an Accept header
    /// that leaves out JSON (406).
    /// </summary>
    public bool IsStrict { get; private init; }

    /// <summary>The largest body, in octets.</summary>
    public long MaxBody { get; private init; } = Hosting.KestrelLimits.MaxBody;

    /// <summary>The media type of errors.</summary>
    public string ErrorMediaType { get; private init; } = "application/json";

    /// <summary>Writes an error in the shape of this surface.</summary>
    public required Func<HttpContext, Problem, Task> WriteProblemAsync { get; init; }

    /// <summary>The surface of the route, or of the path where there is no route; <see cref="V1"/> for what belongs to none.</summary>
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
    public ClassicRoutes() => Configure("", static routes => routes.Options(static route => route.WithMetadata(ApiSurface.Classic)));
}
