using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Xunit.Sdk;

namespace UserCqrs.IntegrationTests.Fixtures;

/// <summary>The check on every response can fail: a true response passes, and each untrue one is found.</summary>
public sealed class OpenApiContractTests
{
    private const string Document = """
        { "paths": { "/v1/users/{id}": { "get": { "responses": { "200": {
            "headers": { "ETag": {} },
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/User" } } } } } } } },
          "components": { "schemas": { "User": {
            "type": "object", "required": ["id"], "properties": { "id": { "type": "integer" } } } } } }
        """;

    [Theory]
    [InlineData("/v1/users/1", 200, "application/json", "\"1\"", """{"id":1}""", true)]
    [InlineData("/v1/users", 200, "application/json", "\"1\"", """{"id":1}""", false)]
    [InlineData("/v1/users/one", 200, "application/json", "\"1\"", """{"id":1}""", false)]
    [InlineData("/v1/users/one", 404, "application/problem+json", null, "{}", true)]
    [InlineData("/v1/users/1", 201, "application/json", "\"1\"", """{"id":1}""", false)]
    [InlineData("/v1/users/1", 200, "text/json", "\"1\"", """{"id":1}""", false)]
    [InlineData("/v1/users/1", 200, "application/json", null, """{"id":1}""", false)]
    [InlineData("/v1/users/1", 200, "application/json", "W/\"1\"", """{"id":1}""", false)]
    [InlineData("/v1/users/1", 200, "application/json", "\"1\"", "{}", false)]
    [InlineData("/v1/users/1", 200, "application/json", "\"1\"", """{"id":"1"}""", false)]
    [InlineData("/v1/users/1", 200, "application/json", "\"1\"", """{"id":1,"version":1}""", false)]
    public async Task Finds_what_the_document_does_not_say(
        string path, int status, string mediaType, string? etag, string body, bool holds)
    {
        using var client = new HttpClient(new OpenApiContract(new Stub(() =>
        {
            var response = Response(status, mediaType, body);
            response.Headers.ETag = etag is null ? null : EntityTagHeaderValue.Parse(etag);
            return response;
        })));

        var failure = await Record.ExceptionAsync(
            () => client.GetAsync($"http://stub{path}", TestContext.Current.CancellationToken));

        Assert.Equal(holds, failure is null);
        Assert.True(holds || failure is XunitException, failure?.ToString());
    }

    private static HttpResponseMessage Response(int status, string mediaType, string body) =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, mediaType) };

    private sealed class Stub(Func<HttpResponseMessage> response) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(request.RequestUri!.AbsolutePath == "/openapi.json"
                ? Response(200, "application/json", Document)
                : response());
    }
}
