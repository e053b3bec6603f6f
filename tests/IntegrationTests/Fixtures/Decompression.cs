using System.IO.Compression;

namespace UserCqrs.IntegrationTests.Fixtures;

/// <summary>
/// Decompresses what was asked for compressed, and leaves the headers as they came. HttpClient's own decompression would ask for it
/// with every request.
/// </summary>
internal sealed class Decompression(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var compressed = response.Content;
        if (compressed.Headers.ContentEncoding.Count == 0 || request.Method == HttpMethod.Head)
            return response;
        var body = await compressed.ReadAsStreamAsync(cancellationToken);
        response.Content = new StreamContent(compressed.Headers.ContentEncoding.Single() == "br"
            ? new BrotliStream(body, CompressionMode.Decompress)
            : new GZipStream(body, CompressionMode.Decompress));
        foreach (var (name, values) in compressed.Headers)
            response.Content.Headers.TryAddWithoutValidation(name, values);
        return response;
    }
}
