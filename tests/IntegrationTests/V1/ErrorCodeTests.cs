using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

/// <summary>The codes of errors and the types of problems: those of the document are those that are sent, and those of the docs.</summary>
public abstract partial class ErrorCodeTests(UsersService service) : HttpTests(service)
{
    private static readonly (string Code, string Body)[] Bodies =
    [
        ("body.missing", ""),
        ("body.notJson", "{"),
        ("body.type", "[]"),
        ("member.unknown", """{"age":7}"""),
        ("member.duplicate", """{"name":"Ann","name":"Ann"}"""),
        ("member.malformed", """{"\ud800":1}"""),
        ("name.required", "{}"),
        ("name.null", """{"name":null}"""),
        ("name.type", """{"name":1}"""),
        ("name.malformed", """{"name":"\ud800"}"""),
        ("name.empty", """{"name":" "}"""),
        ("name.tooLong", $$"""{"name":"{{new string('n', 201)}}"}"""),
        ("name.controlCharacter", """{"name":"a\u0000b"}"""),
        ("name.bidirectionalOverride", """{"name":"a\u202eb"}"""),
        ("name.notVisible", """{"name":"\u200b"}"""),
        ("email.required", "{}"),
        ("email.null", """{"email":null}"""),
        ("email.type", """{"email":1}"""),
        ("email.malformed", """{"email":"\ud800"}"""),
        ("email.invalid", """{"email":"ann"}"""),
        ("email.localPartTooLong", $$"""{"email":"{{new string('a', 65)}}@example.org"}"""),
        ("email.tooLong", $$"""{"email":"a@{{new string('a', 300)}}"}"""),
        ("externalId.type", """{"externalId":1}"""),
        ("externalId.malformed", """{"externalId":"\ud800"}"""),
        ("externalId.empty", """{"externalId":""}"""),
        ("externalId.tooLong", $$"""{"externalId":"{{new string('x', 256)}}"}"""),
        ("externalId.controlCharacter", """{"externalId":"a\u0000"}"""),
        ("active.type", """{"active":"true"}"""),
        ("active.null", """{"active":null}"""),
        ("attributes.type", """{"attributes":[]}"""),
        ("attributes.duplicate", """{"attributes":{"a":1,"a":2}}"""),
        ("attributes.malformed", """{"attributes":{"a":"\ud800"}}"""),
        ("attributes.nulCharacter", """{"attributes":{"a":"\u0000"}}"""),
        ("attributes.null", """{"attributes":{"a":null}}"""),
        ("attributes.numberOutOfRange", """{"attributes":{"a":1e999}}"""),
        ("attributes.nameLength", """{"attributes":{"":1}}"""),
        ("attributes.tooDeep", """{"attributes":{"a":[[[[[]]]]]}}"""),
        ("attributes.tooManyMembers", $$$"""{"attributes":{{{{string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"{i}\":1"))}}}}}"""),
        ("attributes.tooLarge", $$$"""{"attributes":{"a":"{{{new string('a', 8192)}}}"}}"""),
    ];

    // AttributesSchemaTests send these, to a service that has a schema.
    private static readonly string[] OfSchemas = ["attributes.schema", "attributes.schemaTooCostly"];

    // IndexedAttributesTests and ListUsersTests of the handler have these, which need settings or very many users.
    private static readonly string[] Elsewhere = ["attribute.invalid", "list.tooBroad", "count.timedOut"];

    private static readonly (string Code, string Body)[] LookUps =
    [
        ("keys.count", "{}"),
        ("ids.type", """{"ids":["1"]}"""),
        ("emails.type", """{"emails":"ann@example.org"}"""),
        ("externalIds.type", """{"externalIds":[1]}"""),
    ];

    private static readonly (string Code, string Query)[] Queries =
    [
        ("parameter.unknown", "page=1"),
        ("parameter.repeated", "limit=1&limit=1"),
        ("limit.invalid", "limit=x"),
        ("limit.outOfRange", "limit=0"),
        ("sort.invalid", "sort=x"),
        ("cursor.invalid", "cursor=x"),
        ("namePrefix.invalid", "namePrefix="),
        ("createdAfter.invalid", "createdAfter=x"),
        ("createdBefore.invalid", "createdBefore=x"),
        ("updatedAfter.invalid", "updatedAfter=x"),
        ("updatedBefore.invalid", "updatedBefore=x"),
        ("attribute.notIndexed", "attributes.plan=pro"),
        ("q.empty", "q="),
        ("q.tooLong", $"q={new string('q', 201)}"),
        ("q.tooManyWords", "q=a+b+c+d+e+f+g+h+i"),
        ("q.malformed", "q=%01"),
        ("sort.withSearch", "q=a&sort=id"),
        ("active.invalid", "active=x"),
        ("id.invalid", "id=x"),
        ("id.count", $"id={string.Join(',', Enumerable.Range(1, 201))}"),
        ("count.invalid", "count=1"),
    ];

    private static readonly (string Code, string Query)[] Changes =
        [("after.invalid", "after=x"), ("wait.invalid", "wait=x"), ("wait.outOfRange", "wait=61")];

    private static readonly (string Code, string Query)[] Exports = [("format.invalid", "format=xml")];

    private static readonly (string Code, string Query, string MediaType, string Body)[] Imports =
    [
        ("mode.invalid", "mode=x", "text/csv", ""),
        ("onConflict.invalid", "onConflict=x", "text/csv", ""),
        ("key.invalid", "key=x", "text/csv", ""),
        ("dryRun.invalid", "dryRun=x", "text/csv", ""),
        ("externalId.required", "mode=atomic&onConflict=skip&key=externalId", "application/x-ndjson", Fields("Ann", "ann@example.org")),
        ("line.tooLong", "mode=atomic", "application/x-ndjson", new string(' ', 70_000)),
        ("csv.header", "", "text/csv", "id"),
        ("csv.fieldCount", "mode=atomic", "text/csv", "name,email\nAnn"),
        ("csv.malformed", "mode=atomic", "text/csv", "name,email\nA\"nn,ann@example.org"),
        ("import.tooManyLines", "mode=atomic", "application/x-ndjson", string.Concat(Enumerable.Repeat("{}\n", 100_001))),
    ];

    [Fact]
    public async Task Every_code_of_the_document_is_sent_and_none_else()
    {
        var sent = new List<string>();
        foreach (var (code, body) in Bodies)
            sent.Add(Has(code, await PostAsync("/v1/users", body)));
        foreach (var (code, body) in LookUps)
            sent.Add(Has(code, await PostAsync("/v1/users/lookup", body)));
        sent.Add(Has("externalId.different", await SendAsync("PUT", "/v1/users/by-external-id/a", Body("""{"externalId":"b"}"""))));
        sent.Add(Has("externalId.taken", await TakeAsync("""{"name":"Bob","email":"bob@example.org","externalId":"taken"}""")));
        foreach (var (code, query) in Queries)
            sent.Add(Has(code, await GetAsync($"/v1/users?{query}")));
        foreach (var (code, query) in Changes)
            sent.Add(Has(code, await GetAsync($"/v1/changes?{query}")));
        foreach (var (code, query) in Exports)
            sent.Add(Has(code, await GetAsync($"/v1/users/export?{query}")));
        foreach (var (code, query, mediaType, body) in Imports)
            sent.Add(Has(code, await SendAsync("POST", $"/v1/users/import?{query}", Body(body, mediaType))));
        sent.Add(Has("body.notUtf8", await SendAsync("POST", "/v1/users", Body([0xff]))));
        sent.Add(Has("email.taken", await PostAsync("/v1/users", Fields("Ann", (await NewUserAsync()).Email))));

        sent.AddRange([.. OfSchemas, .. Elsewhere]);
        Assert.Equal(sent.Order(), (await EnumerationAsync("ProblemError", "code")).Order());
    }

    [Fact]
    public async Task The_page_of_the_docs_names_every_code_and_every_type()
    {
        var docs = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "errors.md"), Cancelled);
        var rows = docs.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]).ToList();

        var page = WebUtility.HtmlDecode((await GetAsync("/problems")).Text);
        Assert.Equal((await EnumerationAsync("ProblemError", "code")).Count, Meanings().Count(page));
        Assert.All(Meanings().Matches(page), code => Assert.Contains($"| `{code.Groups[1].Value}` | {code.Groups[2].Value} |", docs));
        var types = await EnumerationAsync("Problem", "type");
        Assert.Equal(types.Concat(await EnumerationAsync("ProblemError", "code")).Order(), rows.Order());
    }

    [Theory]
    [InlineData("post", "/v1/users", 400, "malformed-request", "POST", "")]
    [InlineData("post", "/v1/users", 400, "invalid-parameter", "POST", """{"name":"Ann","email":"ann"}""", "?page=1")]
    [InlineData("get", "/v1/users", 400, "invalid-parameter", "GET", null, "?page=1")]
    [InlineData("get", "/v1/users/{id}", 404, "user-not-found", "GET", null)]
    [InlineData("get", "/v1/users/{id}", 400, "malformed-request", "GET", null, "", "If-None-Match", "7")]
    [InlineData("post", "/v1/users", 422, "invalid-user", "POST", """{"name":"Ann","age":7,"email":"ann@"}""")]
    [InlineData("post", "/v1/users", 409, "email-taken", "POST", """{"name":"Ann","email":"taken@example.org"}""")]
    [InlineData("post", "/v1/users", 409, "external-id-taken", "POST", """{"name":"Ann","email":"ann@example.org","externalId":"taken"}""")]
    [InlineData("post", "/v1/users/lookup", 422, "invalid-lookup", "POST", """{"ids":[1],"names":[]}""")]
    [InlineData("get", "/v1/users", 406, "not-acceptable", "GET", null, "", "Accept", "text/html")]
    [InlineData("put", "/v1/users/{id}", 428, "precondition-required", "PUT", """{"name":"Ann","email":"ann@example.org"}""")]
    [InlineData("put", "/v1/users/{id}", 412, "precondition-failed", "PUT", """{"name":"Ann","email":"ann@example.org"}""", "", "If-Match", "\"7\"")]
    public async Task An_example_is_what_is_really_sent(
        string method, string path, int status, string slug, string verb, string? body, string query = "", params string[] header)
    {
        await TakeAsync("{}");
        var user = slug == "user-not-found" ? "/v1/users/0" : (await NewUserAsync()).Path;

        var sent = await SendAsync(
            verb, path.Replace("/v1/users/{id}", user, StringComparison.Ordinal) + query, body is null ? null : Body(body),
            [.. header.Chunk(2).Select(pair => (pair[0], pair[1]))]);

        var document = (await GetAsync("/openapi.json")).Json;
        var response = JsonShape.Resolve(
            document, document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses").GetProperty($"{status}"));
        var example = response.GetProperty("content").GetProperty("application/problem+json").GetProperty("examples").GetProperty(slug)
            .GetProperty("value");
        Assert.Equal(WithoutPlace(example), WithoutPlace(sent.Json));
    }

    private async Task<Response> TakeAsync(string body)
    {
        await PostAsync("/v1/users", """{"name":"Ann","email":"taken@example.org","externalId":"taken"}""");
        return await PostAsync("/v1/users", body);
    }

    private static string Has(string code, Response answer)
    {
        Assert.Contains($"\"code\":\"{code}\"", answer.Text);
        return code;
    }

    private static string WithoutPlace(JsonElement problem) => string.Join('\n', problem.EnumerateObject()
        .Where(member => member.Name is not ("instance" or "traceId")).Select(member => $"{member.Name}: {JsonSerializer.Serialize(member.Value)}"));

    [GeneratedRegex("<code>([^<]+)</code></dt><dd>([^<]+)</dd>")]
    private static partial Regex Meanings();

    private async Task<List<string>> EnumerationAsync(string schema, string member) =>
    [
        .. (await GetAsync("/openapi.json")).Json.GetProperty("components").GetProperty("schemas").GetProperty(schema).GetProperty("properties")
            .GetProperty(member).GetProperty("enum").EnumerateArray().Select(value => value.GetString()!),
    ];
}
