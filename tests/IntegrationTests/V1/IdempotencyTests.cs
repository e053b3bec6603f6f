using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

public abstract class IdempotencyTests(UsersService service) : HttpTests(service)
{
    private const int Racers = 64;

    [Fact]
    public async Task A_request_that_is_sent_again_gets_the_same_response_and_stores_nothing()
    {
        var (key, body) = (NewKey(), Fields("Ann Lee", NewEmail()));

        var first = await SendAsync(body, key);
        var again = await SendAsync(body, key);

        Assert.Equal((201, null), (first.Status, first.Header("Idempotency-Replayed")));
        Assert.Equal((201, "true"), (again.Status, again.Header("Idempotency-Replayed")));
        Assert.Equal(
            (first.Text, first.Header("Location"), first.ETag), (again.Text, again.Header("Location"), again.ETag));
    }

    [Fact]
    public async Task The_response_stays_the_same_when_the_user_is_changed_or_deleted()
    {
        var (key, body) = (NewKey(), """{"name":"Ann Lee","email":"EMAIL","attributes":{"größe":1.50,"a":"\"<é😀"}}""".Replace("EMAIL", NewEmail()));
        var first = await SendAsync(body, key);
        var path = first.Header("Location")!;

        await PatchAsync(path, """{"name":"Bob"}""");
        Assert.Equal(first.Text, (await SendAsync(body, key)).Text);
        await DeleteAsync(path);
        Assert.Equal(first.Text, (await SendAsync(body, key)).Text);

        Assert.Equal(404, (await GetAsync(path)).Status);
    }

    [Fact]
    public async Task Another_request_with_the_same_key_is_refused()
    {
        var key = NewKey();
        await SendAsync(Fields("Ann Lee", NewEmail()), key);
        var email = NewEmail();

        (await SendAsync(Fields("Ann Lee", email), key)).IsProblem(422, "idempotency-key-reused");

        Assert.Empty((await GetAsync($"/v1/users?email={email}")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_request_that_was_refused_is_tried_anew()
    {
        var (key, taken) = (NewKey(), NewEmail());
        var other = await NewUserAsync(email: taken);
        Assert.Equal(409, (await SendAsync(Fields("Ann Lee", taken), key)).Status);
        Assert.Equal(422, (await SendAsync(Fields("", NewEmail()), key)).Status);
        await DeleteAsync(other.Path);

        var response = await SendAsync(Fields("Ann Lee", taken), key);

        Assert.Equal((201, null), (response.Status, response.Header("Idempotency-Replayed")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("\t")]
    public async Task A_key_must_be_visible_ASCII(string key) =>
        (await SendAsync(Fields("Ann Lee", NewEmail()), key)).IsProblem(400, "malformed-request");

    [Fact]
    public async Task A_key_has_up_to_255_characters_and_is_given_once()
    {
        Assert.Equal(201, (await SendAsync(Fields("Ann Lee", NewEmail()), NewKey().PadRight(255, '~'))).Status);
        Assert.Equal(400, (await SendAsync(Fields("Ann Lee", NewEmail()), new string('k', 256))).Status);
        Assert.Equal(400, (await SendAsync("POST", "/v1/users", Body(Fields("Ann Lee", NewEmail())),
            ("Idempotency-Key", NewKey()), ("Idempotency-Key", NewKey()))).Status);
    }

    [Fact]
    public async Task Of_many_who_send_one_request_with_one_key_one_stores_the_user_and_all_get_the_same_response()
    {
        var (key, body) = (NewKey(), Fields("Ann Lee", NewEmail()));

        var responses = await Task.WhenAll(Enumerable.Range(0, Racers).Select(_ => SendAsync(body, key)));

        Assert.All(responses, response => Assert.Equal(201, response.Status));
        Assert.Single(responses.Select(response => response.Text).Distinct());
        Assert.Single(responses, response => response.Header("Idempotency-Replayed") is null);
    }

    private static string NewKey() => $"{Guid.NewGuid()}";

    private Task<Response> SendAsync(string body, string key) =>
        SendAsync("POST", "/v1/users", Body(body), ("Idempotency-Key", key));
}
