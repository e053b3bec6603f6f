using System.Text.Json;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests;

public abstract class OpenApiTests(UsersService service) : HttpTests(service)
{
    private static readonly int[] OfAnyRoute = [401, 403, 408, 421, 429, 500, 503];

    // Every status that the contract gives a route, beside those that any can answer.
    [Theory]
    [InlineData("post", "/v1/users", 201, 400, 406, 409, 413, 415, 422)]
    [InlineData("get", "/v1/users", 200, 400, 406)]
    [InlineData("head", "/v1/users", 200, 400, 406)]
    [InlineData("get", "/v1/users/{id}", 200, 304, 400, 404, 406, 412)]
    [InlineData("head", "/v1/users/{id}", 200, 304, 400, 404, 406, 412)]
    [InlineData("put", "/v1/users/{id}", 200, 400, 404, 406, 409, 412, 413, 415, 422, 428)]
    [InlineData("patch", "/v1/users/{id}", 200, 400, 404, 406, 409, 412, 413, 415, 422)]
    [InlineData("delete", "/v1/users/{id}", 204, 400, 404, 406, 412)]
    [InlineData("get", "/v1/users/by-external-id/{externalId}", 200, 304, 400, 404, 406, 412)]
    [InlineData("head", "/v1/users/by-external-id/{externalId}", 200, 304, 400, 404, 406, 412)]
    [InlineData("put", "/v1/users/by-external-id/{externalId}", 200, 201, 400, 406, 409, 412, 413, 415, 422)]
    [InlineData("post", "/v1/users/lookup", 200, 400, 406, 413, 415, 422)]
    [InlineData("get", "/v1/changes", 200, 400, 406, 410)]
    [InlineData("get", "/v1/users/{id}/changes", 200, 400, 404, 406)]
    [InlineData("post", "/v1/users/{id}/restore", 200, 400, 404, 406, 409)]
    [InlineData("post", "/v1/users/{id}/erase", 204, 400, 404, 406)]
    [InlineData("post", "/user", 200, 409, 413, 422)]
    [InlineData("get", "/user", 200, 404, 422)]
    [InlineData("delete", "/user", 200, 404, 422)]
    [InlineData("post", "/user/{user_id}", 200, 404, 409, 413, 422)]
    [InlineData("get", "/users", 200)]
    public async Task Tells_every_status_of_every_route(string method, string path, params int[] statuses)
    {
        var operation = await OperationAsync(method, path);

        var told = operation.GetProperty("responses").EnumerateObject().Select(response => int.Parse(response.Name, null));
        Assert.Equal(statuses.Concat(OfAnyRoute).Order(), told.Order());
    }

    /// <remarks>A change that is meant is kept by <c>curl http://localhost:5000/openapi.json > docs/openapi.json</c>.</remarks>
    [Fact]
    public async Task Is_the_document_that_reviewers_saw()
    {
        var seen = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "openapi.json"), Cancelled);
        var told = (await GetAsync("/openapi.json")).Text.Split('\n');

        var first = seen.Zip(told).TakeWhile(lines => lines.First == lines.Second).Count();
        Assert.True(
            seen.Length == told.Length && first == seen.Length,
            $"""
            /openapi.json differs from docs/openapi.json from line {first + 1} on. There:
            {string.Join('\n', seen.Skip(first - 3).Take(12))}
            Here:
            {string.Join('\n', told.Skip(first - 3).Take(12))}
            If that is meant: curl http://localhost:5000/openapi.json > docs/openapi.json
            """);
    }

    [Fact]
    public async Task Answers_HEAD_with_the_headers_alone()
    {
        var (get, head) = (await GetAsync("/openapi.json"), await SendAsync("HEAD", "/openapi.json"));

        Assert.Equal((200, get.MediaType, ""), (head.Status, head.MediaType, head.Text));
    }

    [Fact]
    public async Task Is_OpenAPI_3_1_and_tells_of_no_other_route()
    {
        var document = await DocumentAsync();

        Assert.StartsWith("3.1.", document.GetProperty("openapi").GetString());
        Assert.Equal(25, Operations(document).Count());
    }

    [Fact]
    public async Task Gives_every_operation_an_id_of_its_own_a_summary_a_description_and_a_door()
    {
        var operations = Operations(await DocumentAsync()).ToList();

        var ids = operations.Select(operation => operation.GetProperty("operationId").GetString()).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(operations, operation =>
        {
            Assert.NotEqual("", operation.GetProperty("summary").GetString());
            Assert.NotEqual("", operation.GetProperty("description").GetString());
            Assert.Matches("^(v1|classic)$", Assert.Single(operation.GetProperty("tags").EnumerateArray()).GetString());
        });
    }

    [Theory]
    [InlineData("get", "/v1/users", 200, "Link")]
    [InlineData("post", "/v1/users", 201, "ETag", "Location", "Idempotency-Replayed")]
    [InlineData("get", "/v1/users/{id}", 200, "ETag")]
    [InlineData("get", "/v1/users/by-external-id/{externalId}", 200, "ETag", "Content-Location")]
    [InlineData("get", "/v1/users/by-external-id/{externalId}", 304, "ETag", "Content-Location")]
    [InlineData("put", "/v1/users/by-external-id/{externalId}", 200, "ETag", "Content-Location")]
    [InlineData("put", "/v1/users/by-external-id/{externalId}", 201, "ETag", "Location", "Content-Location")]
    [InlineData("get", "/v1/users/{id}", 304, "ETag")]
    [InlineData("put", "/v1/users/{id}", 200, "ETag")]
    [InlineData("patch", "/v1/users/{id}", 200, "ETag")]
    [InlineData("patch", "/v1/users/{id}", 415, "Accept-Patch")]
    [InlineData("get", "/user", 503, "Retry-After")]
    [InlineData("get", "/user", 429, "Retry-After")]
    [InlineData("get", "/user", 401, "WWW-Authenticate")]
    [InlineData("post", "/v1/users", 403, "WWW-Authenticate")]
    [InlineData("post", "/v1/users", 503, "Retry-After")]
    public async Task Tells_the_headers_of_an_answer(string method, string path, int status, params string[] headers)
    {
        var operation = await OperationAsync(method, path);

        var response = JsonShape.Resolve(await DocumentAsync(), operation.GetProperty("responses").GetProperty($"{status}"));
        var told = response.GetProperty("headers").EnumerateObject();
        Assert.Equal(headers, told.Select(header => header.Name));
    }

    [Theory]
    [InlineData("get", "/v1/users", "limit sort q cursor email namePrefix createdAfter createdBefore updatedAfter updatedBefore id externalId active count")]
    [InlineData("get", "/v1/users/by-external-id/{externalId}", "externalId If-Match If-None-Match")]
    [InlineData("put", "/v1/users/by-external-id/{externalId}", "externalId If-Match If-None-Match")]
    [InlineData("get", "/v1/users/{id}", "id If-Match If-None-Match")]
    [InlineData("put", "/v1/users/{id}", "id If-Match If-None-Match")]
    [InlineData("patch", "/v1/users/{id}", "id If-Match If-None-Match")]
    [InlineData("delete", "/v1/users/{id}", "id If-Match If-None-Match")]
    [InlineData("get", "/user", "user_id")]
    [InlineData("delete", "/user", "user_id")]
    [InlineData("post", "/user/{user_id}", "user_id")]
    public async Task Tells_the_parameters_of_a_request(string method, string path, string parameters)
    {
        var operation = await OperationAsync(method, path);

        var told = operation.GetProperty("parameters").EnumerateArray()
            .Select(parameter => parameter.GetProperty("name").GetString());
        Assert.Equal(parameters.Split(' ').Order(), told.Order());
    }

    [Theory]
    [InlineData("post", "/v1/users", "users:write")]
    [InlineData("get", "/v1/users", "users:read")]
    [InlineData("head", "/v1/users", "users:read")]
    [InlineData("get", "/v1/users/{id}", "users:read")]
    [InlineData("head", "/v1/users/{id}", "users:read")]
    [InlineData("put", "/v1/users/{id}", "users:write")]
    [InlineData("patch", "/v1/users/{id}", "users:write")]
    [InlineData("delete", "/v1/users/{id}", "users:write")]
    [InlineData("get", "/v1/users/by-external-id/{externalId}", "users:read")]
    [InlineData("head", "/v1/users/by-external-id/{externalId}", "users:read")]
    [InlineData("put", "/v1/users/by-external-id/{externalId}", "users:write")]
    [InlineData("post", "/v1/users/lookup", "users:read")]
    [InlineData("post", "/user", "users:write")]
    [InlineData("get", "/user", "users:read")]
    [InlineData("delete", "/user", "users:write")]
    [InlineData("post", "/user/{user_id}", "users:write")]
    [InlineData("get", "/users", "users:read")]
    public async Task Tells_the_scope_that_a_credential_must_have(string method, string path, string scope)
    {
        var operation = await OperationAsync(method, path);

        Assert.EndsWith($" Needs the scope `{scope}`.", operation.GetProperty("description").GetString());
        var asked = Assert.Single(Assert.Single(operation.GetProperty("security").EnumerateArray()).EnumerateObject());
        var scheme = (await DocumentAsync()).GetProperty("components").GetProperty("securitySchemes").GetProperty(asked.Name);
        Assert.Equal(("http", "bearer"), (scheme.GetProperty("type").GetString(), scheme.GetProperty("scheme").GetString()));
    }

    [Theory]
    [InlineData("post", "/v1/users", "application/json")]
    [InlineData("put", "/v1/users/{id}", "application/json")]
    [InlineData("patch", "/v1/users/{id}", "application/merge-patch+json")]
    [InlineData("put", "/v1/users/by-external-id/{externalId}", "application/json")]
    [InlineData("post", "/v1/users/lookup", "application/json")]
    [InlineData("post", "/user", "application/json")]
    [InlineData("post", "/user/{user_id}", "application/json")]
    public async Task Tells_what_a_body_must_be(string method, string path, string mediaType)
    {
        var body = (await OperationAsync(method, path)).GetProperty("requestBody");

        Assert.True(body.GetProperty("required").GetBoolean());
        Assert.Equal(mediaType, Assert.Single(body.GetProperty("content").EnumerateObject()).Name);
    }

    [Theory]
    [InlineData("UserFields", true)]
    [InlineData("UserPatch", true)]
    [InlineData("UserLookupKeys", true)]
    [InlineData("ClassicUserFields", false)]
    public async Task Says_whether_unknown_members_are_errors(string body, bool areErrors)
    {
        var schema = (await DocumentAsync()).GetProperty("components").GetProperty("schemas").GetProperty(body);

        Assert.Equal(areErrors, schema.TryGetProperty("additionalProperties", out var allowed) && !allowed.GetBoolean());
    }

    // Client generators make names of them: an underscore is a class of its own to some, and case is lost to others.
    [Fact]
    public async Task Gives_operations_ids_that_stay_apart_when_they_become_names()
    {
        var ids = Operations(await DocumentAsync()).Select(operation => operation.GetProperty("operationId").GetString()!).ToList();

        Assert.All(ids, id => Assert.Matches("^[a-z][A-Za-z]+$", id));
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(5, ids.Count(id => id.StartsWith("classic", StringComparison.Ordinal)));
    }

    // An example of an optional parameter would be sent by the interactive page.
    [Fact]
    public async Task Gives_no_parameter_a_value()
    {
        var document = (await GetAsync("/openapi.json")).Json;
        var parameters = Operations(document).Where(operation => operation.TryGetProperty("parameters", out _))
            .SelectMany(operation => operation.GetProperty("parameters").EnumerateArray()).ToList();

        Assert.NotEmpty(parameters);
        Assert.All(parameters, parameter => Assert.DoesNotMatch("\"(example|examples|default)\"", parameter.GetRawText()));
    }

    [Fact]
    public async Task Gives_an_example_of_every_kind_of_body()
    {
        var document = await DocumentAsync();
        var schemas = document.GetProperty("components").GetProperty("schemas").EnumerateObject();

        Assert.All(
            schemas.Where(schema => schema.Name is not ("ProblemError" or "ClassicValidationError" or "Sort" or "UserKeys"
                or "Format" or "Mode" or "OnConflict" or "Key")), // shown inside another's
            schema => Assert.NotEmpty(schema.Value.GetProperty("examples").EnumerateArray()));
    }

    private async Task<JsonElement> OperationAsync(string method, string path) =>
        (await DocumentAsync()).GetProperty("paths").GetProperty(path).GetProperty(method);

    private async Task<JsonElement> DocumentAsync() => (await GetAsync("/openapi.json")).Json;

    private static IEnumerable<JsonElement> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value);
}
