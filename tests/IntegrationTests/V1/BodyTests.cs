using System.Text;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

/// <summary>What a body must be to be a user: 400 for what is not JSON, 422 for JSON that is no user.</summary>
public abstract class BodyTests(UsersService service) : HttpTests(service)
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("nonsense")]
    [InlineData("{")]
    [InlineData("""{"name":"Ann",}""")]
    [InlineData("""{"name":'Ann'}""")]
    [InlineData("""{"name":NaN}""")]
    [InlineData("""{"name":"Ann" /* no comments */}""")]
    [InlineData("""{"name":"Ann"} {}""")]
    [InlineData("{\"name\":\"A\nnn\"}")]
    [InlineData("""{"name":"\x41nn"}""")]
    public async Task Refuses_what_is_not_JSON(string body)
    {
        var response = await PostAsync("/v1/users", body);

        Assert.Equal((400, "/problems/malformed-request"), (response.Status, response.Member("type")));
        Assert.Equal("application/problem+json", response.MediaType);
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0xC3)] // half of é
    [InlineData(0xED, 0xA0, 0x80)] // a surrogate
    [InlineData(0xC0, 0xAF)] // an overlong /
    [InlineData(0xF4, 0x90, 0x80, 0x80)] // beyond Unicode
    public async Task Refuses_what_is_not_UTF_8(params int[] octets)
    {
        byte[] body = [.. """{"name":"A"""u8, .. octets.Select(octet => (byte)octet), .. "\",\"email\":\"ann@example.org\"}"u8];

        (await SendAsync("POST", "/v1/users", Body(body))).IsProblem(400, "malformed-request", " body.notUtf8");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"Ann\"")]
    [InlineData("""[{"name":"Ann","email":"ann@example.org"}]""")]
    public async Task Refuses_JSON_that_is_no_object(string body) =>
        (await PostAsync("/v1/users", body)).IsProblem(422, "invalid-user", " body.type");

    [Theory]
    [InlineData("{}", "/name name.required", "/email email.required")]
    [InlineData("""{"name":"Ann"}""", "/email email.required")]
    [InlineData("""{"name":null,"email":null}""", "/name name.null", "/email email.null")]
    [InlineData("""{"name":7,"email":true}""", "/name name.type", "/email email.type")]
    [InlineData("""{"name":{"first":"Ann"},"email":["ann@example.org"]}""", "/name name.type", "/email email.type")]
    [InlineData("""{"name":" ","email":"no"}""", "/name name.empty", "/email email.invalid")]
    [InlineData("""{"Name":"Ann","email":"ann@example.org"}""", "/Name member.unknown", "/name name.required")]
    [InlineData(
        """{"name":7,"email":"no","id":1,"admin":{"a":[1]}}""",
        "/name name.type", "/email email.invalid", "/id member.unknown", "/admin member.unknown")]
    public async Task Names_every_member_that_breaks_a_rule_at_once(string body, params string[] errors) =>
        (await PostAsync("/v1/users", body)).IsProblem(422, "invalid-user", errors);

    [Theory]
    [InlineData("""{"name":"Ann","name":"Ann","email":"ann@example.org"}""", "/name member.duplicate")]
    [InlineData("""{"name":"Ann","\u006eame":"Bob","email":"ann@example.org"}""", "/name member.duplicate")]
    [InlineData("""{"name":"Ann","email":"ann@example.org","email":null}""", "/email member.duplicate", "/email email.null")]
    public async Task Refuses_a_member_that_is_given_twice(string body, params string[] errors) =>
        (await PostAsync("/v1/users", body)).IsProblem(422, "invalid-user", errors);

    [Theory]
    [InlineData("a/b", "/a~1b")]
    [InlineData("a~b", "/a~0b")]
    [InlineData("é", "/é")]
    [InlineData("", "/")]
    public async Task Points_at_an_unknown_member_as_RFC_6901_says(string member, string expected) =>
        (await PostAsync("/v1/users", $$"""{"name":"Ann","email":"ann@example.org","{{member}}":1}"""))
            .IsProblem(422, "invalid-user", $"{expected} member.unknown");

    [Fact]
    public async Task Reads_escapes_and_white_space_as_JSON_means_them()
    {
        var email = NewEmail();

        var escaped = email.Replace("@", "\\u0040", StringComparison.Ordinal);

        var response = await PostAsync("/v1/users", $$"""
             { "\u0065mail" : "{{escaped}}" , "name" : "Z\u006f\u00EB \ud83d\ude00" }
            """);

        Assert.Equal((201, "Zoë 😀", email), (response.Status, response.Member("name"), response.Member("email")));
    }

    [Fact]
    public async Task Takes_64_KiB_and_not_an_octet_more()
    {
        var padded = Fields("Ann Lee", NewEmail()).PadRight(64 * 1024);
        Assert.Equal(201, (await PostAsync("/v1/users", padded)).Status);

        (await SendAsync("POST", "/v1/users", Body($"{padded} "), ("Expect", "100-continue")))
            .IsProblem(413, "payload-too-large");
    }

    [Fact]
    public async Task Takes_64_KiB_in_chunks_and_not_an_octet_more()
    {
        var padded = Fields("Ann Lee", NewEmail()).PadRight(64 * 1024);
        Assert.Equal(201, (await SendAsync("POST", "/v1/users", Body(padded), ("Transfer-Encoding", "chunked"))).Status);

        (await SendAsync("POST", "/v1/users", Body($"{padded} "), ("Transfer-Encoding", "chunked")))
            .IsProblem(413, "payload-too-large");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/merge-patch+json")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task Refuses_another_media_type(string? mediaType)
    {
        var body = Encoding.UTF8.GetBytes(Fields("Ann Lee", NewEmail()));

        (await SendAsync("POST", "/v1/users", Body(body, mediaType))).IsProblem(415, "unsupported-media-type");
        (await SendAsync("PUT", "/v1/users/1", Body(body, mediaType), ("If-Match", "*")))
            .IsProblem(415, "unsupported-media-type");
    }

    [Fact]
    public async Task Refuses_a_compressed_body()
    {
        var body = Body(Fields("Ann Lee", NewEmail()));
        body.Headers.ContentEncoding.Add("gzip");

        (await SendAsync("POST", "/v1/users", body)).IsProblem(415, "unsupported-media-type");
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON; charset=\"UTF-8\"")]
    public async Task Takes_JSON_that_says_its_charset(string mediaType) =>
        Assert.Equal(201, (await SendAsync("POST", "/v1/users", Body(Fields("Ann", NewEmail()), mediaType))).Status);
}
