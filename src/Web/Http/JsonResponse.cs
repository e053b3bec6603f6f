using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace UserCqrs.Web.Http;

/// <summary>Writes a JSON body with <c>Content-Length</c>.</summary>
internal static class JsonResponse
{
    public static Task WriteAsync<T>(
        HttpContext context, int status, T body, JsonTypeInfo<T> type, string mediaType = "application/json")
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(body, type);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = mediaType;
        response.ContentLength = json.Length;
        if (HttpMethods.IsHead(context.Request.Method))
            return Task.CompletedTask;
        return json.Length <= UnreadResponses.Slice
            ? response.Body.WriteAsync(json, CancellationToken.None).AsTask() // no error if the caller disconnects
            : context.RequestServices.GetRequiredService<UnreadResponses>().SendAsync(context, json);
    }
}
