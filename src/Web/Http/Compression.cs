using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace UserCqrs.Web.Http;

/// <summary>Compresses the responses of those routes that ask for it (RFC 9110 §12.5.3), at no cost to the others.</summary>
internal static class Compression
{
    public static IServiceCollection AddCompression(this IServiceCollection services)
    {
        // HTTPS: the length of a compressed response can betray a secret in it to whoever makes a browser send requests and chooses another
        // part of the response (BREACH). Here browsers send no credential by themselves, and users hold nothing that is a secret.
        services.AddResponseCompression(options => options.EnableForHttps = true);
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        return services;
    }

    /// <summary>Compresses what the route serves, except problem details, for clients that accept it.</summary>
    public static TBuilder Compresses<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder
    {
        routes.Add(endpoint =>
        {
            var middleware = new ResponseCompressionMiddleware(
                endpoint.RequestDelegate!, endpoint.ApplicationServices.GetRequiredService<IResponseCompressionProvider>());
            endpoint.RequestDelegate = context =>
            {
                context.Response.Headers.Vary = "Accept-Encoding"; // the middleware sets it only for clients that accept compression
                return middleware.Invoke(context);
            };
        });
        return routes;
    }
}
