using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace UserCqrs.Web.Http;

/// <summary>Compresses the responses of selected routes (RFC 9110 §12.5.3), without any cost for other routes.</summary>
internal static class Compression
{
    public static IServiceCollection AddCompression(this IServiceCollection services)
    {
        // HTTPS: an attacker who makes a browser send requests, and chooses a part of the response, can learn a secret in it
        // from its compressed length (BREACH). Here, browsers send no credential by themselves, and users contain no secrets.
        services.AddResponseCompression(options => options.EnableForHttps = true);
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        return services;
    }

    /// <summary>Compresses the responses of a route, except problem details, for clients that accept it.</summary>
    public static TBuilder Compresses<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder
    {
        routes.Add(endpoint =>
        {
            var middleware = new ResponseCompressionMiddleware(
                endpoint.RequestDelegate!, endpoint.ApplicationServices.GetRequiredService<IResponseCompressionProvider>());
            endpoint.RequestDelegate = context =>
            {
                context.Response.Headers.Vary = "Accept-Encoding"; // the middleware omits it if the client accepts no compression
                return middleware.Invoke(context);
            };
        });
        return routes;
    }
}
