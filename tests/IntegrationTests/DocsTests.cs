using System.Text.RegularExpressions;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests;

public abstract partial class DocsTests(UsersService service) : HttpTests(service)
{
    [Fact]
    public async Task The_root_sends_a_browser_to_the_page()
    {
        var root = await GetAsync("/", ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
        Assert.Equal((302, "/docs", "Accept"), (root.Status, root.Header("Location"), root.Header("Vary")));

        var docs = await GetAsync("/docs");
        Assert.Equal((301, "docs/index.html"), (docs.Status, docs.Header("Location")));
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("text/html;q=0, */*")]
    [InlineData("no media type")]
    public async Task The_root_tells_other_clients_where_everything_is(string accept)
    {
        var root = await GetAsync("/", ("Accept", accept));

        Assert.Equal((200, "text/plain", "Accept"), (root.Status, root.MediaType, root.Header("Vary")));
        Assert.StartsWith("UserCqrs 1.", root.Text, StringComparison.Ordinal);
        string[] paths = [.. Paths().Matches(root.Text).Select(match => match.Value)];
        Assert.Equal(["/v1/users", "/docs", "/openapi.json", "/health/live", "/health/ready"], paths);
        foreach (var path in paths)
            Assert.InRange((await GetAsync(path)).Status, 200, 301);
    }

    [Fact]
    public async Task The_page_refers_to_nothing_on_another_host()
    {
        var page = await GetAsync("/docs/index.html");
        Assert.Equal((200, "text/html"), (page.Status, page.MediaType));
        string[] references = [.. References().Matches(page.Text).Select(match => match.Groups[1].Value)];
        Assert.Contains(references, reference => reference.EndsWith(".js", StringComparison.Ordinal));
        Assert.Contains(references, reference => reference.EndsWith(".css", StringComparison.Ordinal));

        foreach (var reference in references)
        {
            Assert.DoesNotContain("//", reference);
            var part = await GetAsync(new Uri(new Uri(Service.Address, "/docs/"), reference).AbsolutePath);
            Assert.Equal((reference, 200), (reference, part.Status));
            if (part.MediaType == "text/css")
                Assert.All(StyleReferences().Matches(part.Text), match => Assert.StartsWith("data:", match.Groups[1].Value));
        }
    }

    [Fact]
    public async Task The_page_shows_this_service_s_own_document_and_has_no_outside_validator()
    {
        var script = (await GetAsync("/docs/start.js")).Text;

        Assert.Contains("url: '/openapi.json'", script);
        Assert.Contains("validatorUrl: null", script);
    }

    [GeneratedRegex("(?<= )/\\S+")]
    private static partial Regex Paths();

    [GeneratedRegex("(?:src|href)=\"([^\"]*)\"")]
    private static partial Regex References();

    [GeneratedRegex("(?:@import\\s+|url\\()[\"']?([^\"')]*)")]
    private static partial Regex StyleReferences();
}
