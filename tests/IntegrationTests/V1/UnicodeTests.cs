using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

public abstract class UnicodeTests(UsersService service) : HttpTests(service)
{
    private const string Bücher = "bücher";

    [Theory]
    [InlineData("Zoe\u0308", "Zo\u00eb")]
    [InlineData("\u212B", "\u00c5")] // Ångström sign
    [InlineData("\u1112\u1161\u11ab", "\ud55c")] // Hangul
    [InlineData("  Ann Lee \t", "Ann Lee")]
    [InlineData("\u00a0\u3000Ann\u2003Lee\u2028", "Ann\u2003Lee")]
    [InlineData("O'Neil-Ørsted, 3rd; <b>", "O'Neil-Ørsted, 3rd; <b>")]
    [InlineData("李小龍", "李小龍")]
    [InlineData("👩‍👩‍👧", "👩‍👩‍👧")]
    public async Task Keeps_a_name_trimmed_and_composed(string sent, string kept)
    {
        var user = await NewUserAsync(sent);

        Assert.Equal(kept, user.Name);
        Assert.Equal(kept, (await GetAsync(user.Path)).Member("name"));
    }

    [Fact]
    public async Task Counts_scalar_values_not_code_units()
    {
        var longest = string.Concat(Enumerable.Repeat("😀", 200));
        Assert.Equal(longest, (await NewUserAsync(longest)).Name);

        (await PostAsync("/v1/users", Fields($"{longest}😀", NewEmail()))).IsProblem(422, "invalid-user", "/name name.tooLong");
    }

    [Fact]
    public async Task Counts_after_trimming_and_composing()
    {
        var decomposed = string.Concat(Enumerable.Repeat("e\u0301", 200));

        Assert.Equal(new string('é', 200), (await NewUserAsync($"  {decomposed}  ")).Name);
    }

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("A\\u0000nn")]
    [InlineData("A\\nnn")]
    [InlineData("A\\tnn")]
    [InlineData("A\\u007fnn")]
    [InlineData("A\\u0085nn")]
    [InlineData("A\\u001bnn")]
    public async Task Refuses_control_characters_in_a_name(string name) =>
        (await PostAsync("/v1/users", $$"""{"name":"{{name}}","email":"ann@example.org"}"""))
            .IsProblem(422, "invalid-user", "/name name.controlCharacter");

    [Theory]
    [InlineData("ann\\u0000@example.org")]
    [InlineData("ann@example.org\\u0000")]
    [InlineData("ann@exam\\u0000ple.org")]
    [InlineData("ann@example.org\\nbcc:bob@example.org")]
    public async Task Refuses_control_characters_in_an_email(string email) =>
        (await PostAsync("/v1/users", $$"""{"name":"Ann","email":"{{email}}"}"""))
            .IsProblem(422, "invalid-user", "/email email.invalid");

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("A\\udc00")]
    [InlineData("\\udc00\\ud800")]
    public async Task Refuses_half_a_surrogate_pair(string text) =>
        (await PostAsync("/v1/users", $$"""{"name":"{{text}}","email":"{{text}}@example.org"}"""))
            .IsProblem(422, "invalid-user", "/name name.malformed", "/email email.malformed");

    [Fact]
    public async Task Refuses_half_a_surrogate_pair_in_a_member_s_name()
    {
        var response = await PostAsync("/v1/users", """{"name":"Ann","email":"ann@example.org","\ud800":1}""");

        Assert.Equal((422, "/problems/invalid-user"), (response.Status, response.Member("type")));
    }

    [Theory]
    [InlineData($"{Bücher}.example", "xn--bcher-kva.example")]
    [InlineData($"{Bücher}.example", "XN--BCHER-KVA.Example")]
    [InlineData($"{Bücher}.example", "BÜCHER.EXAMPLE")]
    [InlineData($"{Bücher}.example", "bu\u0308cher.example")]
    [InlineData($"{Bücher}.example", "bücher。example")]
    [InlineData("kelvin.example", "\u212Aelvin.example")]
    [InlineData("example.org", "ｅｘａｍｐｌｅ.org")]
    public async Task Takes_the_ways_to_write_a_domain_for_one(string domain, string same)
    {
        var local = $"{Guid.NewGuid():N}";
        var user = await NewUserAsync(email: $"{local}@{domain}");
        Assert.Equal($"{local}@{domain}", user.Email);

        (await PostAsync("/v1/users", Fields("Bob", $"{local}@{same}"))).IsProblem(409, "email-taken", "/email email.taken");
        var found = await GetAsync($"/v1/users?email={Uri.EscapeDataString($"{local}@{same}")}");
        Assert.Equal(user.Id, Assert.Single(found.Json.GetProperty("items").EnumerateArray()).GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Lower_cases_a_local_part_as_no_country_does()
    {
        var mark = $"{Guid.NewGuid():N}";
        await NewUserAsync(email: $"TITLE.{mark}@example.org");

        (await PostAsync("/v1/users", Fields("Bob", $"title.{mark}@example.org"))).IsProblem(409, "email-taken", "/email email.taken");
    }

    [Theory]
    [InlineData("ann@xn--a.example")] // decodes to no label that could be encoded so
    [InlineData("ann@\u200b.example")]
    [InlineData("ann@b_ü.example")]
    [InlineData("ann@💩\ufffd.example")]
    public async Task Refuses_a_domain_that_IDNA_does(string email) =>
        (await PostAsync("/v1/users", Fields("Ann", email))).IsProblem(422, "invalid-user", "/email email.invalid");
}
