using System.IO.Compression;
using System.Runtime.CompilerServices;
using MediatR;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests;

/// <summary>Which responses are compressed for clients that accept it, and that they arrive whole.</summary>
[OnOneDatabase("it looks at the encoding of responses, which no database decides")]
public sealed class CompressionTests : HttpTests, IClassFixture<SqliteUsersService>, IDisposable
{
    private readonly HttpClient _client; // the service's own reads every body as JSON

    public CompressionTests(SqliteUsersService service)
        : base(service) => _client = new() { BaseAddress = service.Address };

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("/v1/users?limit=200")]
    [InlineData("/users/")]
    [InlineData("/openapi.json")]
    [InlineData("/problems")]
    [InlineData("/problems/style.css")]
    public async Task Lists_pages_and_the_document_are_compressed_on_request(string path)
    {
        for (var i = 0; i < 100; i++) // more than is written at once
            await NewUserAsync(string.Concat(Enumerable.Repeat(Guid.NewGuid().ToString("N"), 6)));

        var plain = await AskAsync("GET", path, "identity");
        Assert.Equal(("", "Accept-Encoding"), (plain.Encoding, plain.Vary));
        foreach (var encoding in (string[])["br", "gzip"])
        {
            var compressed = await AskAsync("GET", path, encoding);
            Assert.Equal((200, encoding, "Accept-Encoding"), (compressed.Status, compressed.Encoding, compressed.Vary));
            Assert.Equal(plain.Text, compressed.Text);

            if (path != "/users/") // which has no HEAD
            {
                var head = await AskAsync("HEAD", path, encoding);
                Assert.Equal((200, encoding, "Accept-Encoding", ""), (head.Status, head.Encoding, head.Vary, head.Text));
            }
        }
    }

    [Theory]
    [InlineData("/v1/users/{id}", 200)]
    [InlineData("/user?user_id={id}", 200)]
    [InlineData("/v1/users/0", 404)]
    [InlineData("/v1/users?limit=0", 400)]
    [InlineData("/problems/nothing", 404)]
    [InlineData("/health/ready", 200)]
    public async Task Nothing_else_is_compressed(string path, int status)
    {
        var user = await NewUserAsync();

        var response = await AskAsync("GET", path.Replace("{id}", $"{user.Id}", StringComparison.Ordinal), "br, gzip");

        Assert.Equal((status, ""), (response.Status, response.Encoding));
    }

    [Fact]
    public async Task The_interactive_page_s_own_files_are_compressed_once()
    {
        var script = await AskAsync("GET", "/docs/swagger-ui.css", "br, gzip");

        Assert.Equal(("gzip", "Accept-Encoding"), (script.Encoding, script.Vary));
        Assert.Contains(".swagger-ui", script.Text);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task The_list_of_all_users_flows_before_its_end_and_stops_when_the_client_goes(string encoding)
    {
        await using var endless = new ServiceWithEndlessList();
        await endless.InitializeAsync();
        using var client = new HttpClient { BaseAddress = endless.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/users/") { Headers = { { "Accept-Encoding", encoding } } };

        using (var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled))
        {
            Assert.Equal(encoding, Assert.Single(response.Content.Headers.ContentEncoding));
            using var text = new StreamReader(Decoded(await response.Content.ReadAsStreamAsync(Cancelled), encoding));
            var start = new char[1000];
            Assert.Equal(start.Length, await text.ReadBlockAsync(start, Cancelled));
            Assert.StartsWith("""[{"id":1,"name":"Ann",""", new string(start), StringComparison.Ordinal);
            Assert.False(endless.Stopped.IsCompleted);
        }

        await endless.Stopped.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    private async Task<(int Status, string Encoding, string Vary, string Text)> AskAsync(string method, string path, string accepted)
    {
        using var request = new HttpRequestMessage(new(method), path) { Headers = { { "Accept-Encoding", accepted } } };
        using var response = await _client.SendAsync(request, Cancelled);
        var encoding = string.Join(", ", response.Content.Headers.ContentEncoding);
        var octets = await response.Content.ReadAsByteArrayAsync(Cancelled);
        using var text = new StreamReader(octets.Length == 0 ? Stream.Null : Decoded(new MemoryStream(octets), encoding));
        return ((int)response.StatusCode, encoding, string.Join(", ", response.Headers.Vary), await text.ReadToEndAsync(Cancelled));
    }

    private static Stream Decoded(Stream body, string encoding) => encoding switch
    {
        "br" => new BrotliStream(body, CompressionMode.Decompress),
        "gzip" => new GZipStream(body, CompressionMode.Decompress),
        _ => body,
    };

    private sealed class ServiceWithEndlessList
        : SqliteUsersService, IRequestHandler<StreamUsers, Result<IAsyncEnumerable<UserDto>>>
    {
        private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Stopped => _stopped.Task;

        public Task<Result<IAsyncEnumerable<UserDto>>> Handle(StreamUsers request, CancellationToken cancellationToken) =>
            Task.FromResult(new Result<IAsyncEnumerable<UserDto>>(ReadAsync(cancellationToken)));

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services =>
                services.AddSingleton<IRequestHandler<StreamUsers, Result<IAsyncEnumerable<UserDto>>>>(this));
        }

        private async IAsyncEnumerable<UserDto> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                for (var id = 1L; ; id++)
                {
                    await Task.Yield();
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return new(id, "Ann", $"{id}@example.org", default, default, 1);
                }
            }
            finally
            {
                _stopped.TrySetResult();
            }
        }
    }
}
