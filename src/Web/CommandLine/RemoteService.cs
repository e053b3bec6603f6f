using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using UserCqrs.Web.Http;

namespace UserCqrs.Web.CommandLine;

/// <summary>The options by which a command uses a running service instead of a database.</summary>
internal static class RemoteService
{
    private const int MaxErrors = 5;

    public static readonly Option<string?> Url = new("--url")
    {
        Description = "The address of a running service, such as http://localhost:5000. Without it, the command uses the "
            + "database that DATABASE_URL names.",
    };

    public static readonly Option<string?> Key = new("--key") { Description = "The API key for --url." };

    /// <summary>A client of the service that <c>--url</c> names, or <c>null</c> without that option.</summary>
    /// <exception cref="UsageException">The option is not the address of a service.</exception>
    public static HttpClient? In(ParseResult parsed)
    {
        if (parsed.GetValue(Url) is not { } url)
            return parsed.GetValue(Key) is null ? null : throw new UsageException("--key is used only with --url.");
        if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https"))
            throw new UsageException("--url must begin with http:// or https://, such as http://localhost:5000.");
        if (address.UserInfo.Length > 0)
            throw new UsageException("--url must not contain a user or a password. The credential is --key.");
        var key = parsed.GetValue(Key);
        if (key?.All(character => character is > ' ' and <= '~') == false)
            throw new UsageException("--key is not a key: it contains spaces or other characters that no key has.");
        var client = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        if (key is { Length: > 0 })
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Sends a request, and returns the response when its header is there.</summary>
    /// <param name="client">The service.</param>
    /// <param name="request">The request.</param>
    /// <param name="mediaType">What the service must answer with, if it matters: proxies answer with pages of their own.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="CommandException">The service cannot be reached, or refused the request.</exception>
    public static async Task<HttpResponseMessage> RequestAsync(
        HttpClient client, HttpRequestMessage request, string? mediaType, CancellationToken cancellationToken)
    {
        try
        {
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var type = response.Content.Headers.ContentType?.MediaType;
            if (response.IsSuccessStatusCode && (mediaType is null || type == mediaType))
                return response;
            if (response.IsSuccessStatusCode)
                throw CommandException.Unavailable(
                    $"{request.RequestUri} answered with {type ?? "nothing"} and not with {mediaType}. Does --url name this "
                    + "service?");
            var (status, detail) = (response.StatusCode, await DetailAsync(response, cancellationToken));
            response.Dispose();
            var message = $"{client.BaseAddress} answered {(int)status}: {detail}";
            throw status switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                    CommandException.NotAllowed($"{message} Pass a valid key with --key."),
                HttpStatusCode.UnprocessableContent => new CommandException(CheckCommands.Broken, detail),
                _ => CommandException.Unavailable(message),
            };
        }
        catch (HttpRequestException e)
        {
            var hint = e.HttpRequestError == HttpRequestError.SecureConnectionError ? " The service may speak http only." : "";
            throw CommandException.Unavailable(
                $"{client.BaseAddress} cannot be reached: {e.GetBaseException().Message}{hint}", e);
        }
    }

    // The detail of a problem (RFC 9457), with its first errors.
    private static async Task<string> DetailAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            var problem = JsonSerializer.Deserialize(text, ApiJson.Default.ProblemResponse);
            return problem is null ? "" : CheckCommands.Printable(string.Join(' ', new[] { problem.Detail ?? problem.Title }
                .Concat(problem.Errors?.Take(MaxErrors).Select(error => error.Detail) ?? [])));
        }
        catch (JsonException)
        {
            return ""; // a page of a proxy
        }
    }
}
