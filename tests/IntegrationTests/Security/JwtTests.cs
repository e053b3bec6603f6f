using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Security;

/// <summary>Tokens of an identity provider, whose keys the service has from a file or from the provider itself.</summary>
[OnOneDatabase("it looks at credentials, which are no part of the database")]
public sealed class JwtTests(JwtTests.TrustingService service, JwtTests.LenientService lenient)
    : HttpTests(service), IClassFixture<JwtTests.TrustingService>, IClassFixture<JwtTests.LenientService>
{
    private const string Issuer = "https://id.example.org";
    private const string Audience = "users";
    private const string NotValid = "Bearer realm=\"users\", error=\"invalid_token\", error_description=\"The token is not valid here.\"";

    private static readonly RsaSecurityKey Rsa = new(RSA.Create(2048)) { KeyId = "rsa" };
    private static readonly ECDsaSecurityKey Ec = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "ec" };
    private static readonly SymmetricSecurityKey Shared = new(RandomNumberGenerator.GetBytes(64)) { KeyId = "shared" };
    private static readonly RsaSecurityKey Foreign = new(RSA.Create(2048)) { KeyId = "rsa" };

    [Theory]
    [InlineData(SecurityAlgorithms.RsaSha256)]
    [InlineData(SecurityAlgorithms.RsaSsaPssSha512)]
    [InlineData(SecurityAlgorithms.EcdsaSha256)]
    public async Task Takes_a_token_of_the_issuer(string algorithm) =>
        Assert.Equal(200, (await AskAsync(Token() with { Algorithm = algorithm })).Status);

    [Theory]
    [InlineData("at+jwt")]
    [InlineData("application/at+jwt")]
    [InlineData("JWT")]
    [InlineData("jwt")] // media types have no case: RFC 7515 §4.1.9, RFC 9110 §8.3.1
    [InlineData("AT+JWT")]
    [InlineData("Application/At+Jwt")]
    [InlineData("application/jwt")]
    public async Task Takes_the_types_of_access_tokens(string type) => Assert.Equal(200, (await AskAsync(Token() with { Type = type })).Status);

    [Theory]
    [InlineData("users:read", 200, 403)]
    [InlineData("openid users:read profile", 200, 403)]
    [InlineData("users:write", 403, 422)]
    [InlineData("users:read users:write", 200, 422)]
    [InlineData("users:admin", 200, 422)]
    [InlineData("users:reader", 403, 403)]
    [InlineData("", 403, 403)]
    [InlineData(null, 403, 403)]
    public async Task A_token_is_good_for_what_its_scope_says(string? scope, int reading, int writing)
    {
        var authorization = ("Authorization", $"Bearer {(Token() with { Scope = scope }).Sign()}");

        Assert.Equal(
            (reading, writing),
            ((await GetAsync("/v1/users", authorization)).Status, (await SendAsync("POST", "/v1/users", Body("{}"), authorization)).Status));
    }

    [Theory]
    [InlineData("""{"scope":["openid","users:read"]}""", 200, 403)]
    [InlineData("""{"scp":"openid users:read"}""", 200, 403)]
    [InlineData("""{"scp":["users:read","users:write"]}""", 200, 422)]
    [InlineData("""{"scope":"users:read","scp":["users:write"]}""", 200, 422)]
    [InlineData("""{"scope":{"users:admin":true}}""", 403, 403)]
    [InlineData("""{"scope":[["users:admin"]]}""", 403, 403)]
    [InlineData("""{"roles":["users:admin"]}""", 403, 403)]
    public async Task Scopes_are_text_or_an_array_in_scope_or_scp(string claims, int reading, int writing) =>
        Assert.Equal((reading, writing), await AskBothAsync(Service, (Token() with { Scope = null, Claims = claims }).Sign()));

    [Theory]
    [InlineData("""{"roles":["users:read"]}""", 200, 403)]
    [InlineData("""{"roles":"users:write"}""", 403, 422)]
    [InlineData("""{"scope":"users:read","roles":["users:write"]}""", 200, 422)]
    public async Task Roles_are_scopes_where_a_setting_says_so(string claims, int reading, int writing) =>
        Assert.Equal((reading, writing), await AskBothAsync(lenient, (Token() with { Scope = null, Claims = claims }).Sign()));

    [Fact]
    public async Task Tokens_without_typ_or_aud_are_taken_where_a_setting_says_so_and_wrong_ones_are_not()
    {
        Assert.Equal(200, (await AskAsync(lenient, SignWith("""{"alg":"RS256","kid":"rsa"}"""))).Status);
        Assert.Equal(200, (await AskAsync(lenient, (Token() with { Audience = "" }).Sign())).Status);
        Assert.Equal(401, (await AskAsync(lenient, (Token() with { Type = "id+jwt" }).Sign())).Status);
        Assert.Equal(401, (await AskAsync(lenient, (Token() with { Audience = "orders" }).Sign())).Status);
    }

    [Theory]
    [InlineData("""{"alg":"RS256","kid":"rsa","typ":"at+jwt","crit":["exp"],"exp":1}""")]
    [InlineData("""{"alg":"RS256","kid":"rsa","typ":"at+jwt","crit":["b64"],"b64":true}""")]
    [InlineData("""{"alg":"RS256","kid":"rsa","typ":"at+jwt","crit":[]}""")] // RFC 7515 §4.1.11: must not be empty
    public async Task Refuses_a_header_that_must_be_understood_and_is_not(string header) => await RefusesAsync(SignWith(header));

    [Theory]
    [InlineData(-29, 200)]
    [InlineData(-31, 401)]
    public async Task A_token_expires_with_30_seconds_of_grace(int secondsFromNow, int status)
    {
        var answer = await AskAsync(Token() with { Expires = DateTime.UtcNow.AddSeconds(secondsFromNow) });

        Assert.Equal(status, answer.Status);
        if (status == 401)
            Assert.Contains("The token has expired.", answer.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task A_stream_of_changes_ends_when_its_token_expires()
    {
        var token = (Token() with { Expires = DateTime.UtcNow.AddSeconds(-26) }).Sign();
        var begun = TimeProvider.System.GetTimestamp();
        await using var stream = await OpenStream.OpenAsync(service.Address, "after=now", ("Authorization", $"Bearer {token}"));

        await stream.EndsAsync();

        Assert.InRange(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 2, 10);
    }

    [Fact]
    public async Task Refuses_a_token_that_is_not_valid_yet() =>
        await RefusesAsync(Token() with { NotBefore = DateTime.UtcNow.AddMinutes(2) });

    [Fact]
    public async Task Refuses_a_token_that_never_expires() => await RefusesAsync(Token() with { Expires = null });

    [Theory]
    [InlineData("https://id.example.org/")]
    [InlineData("https://other.example.org")]
    [InlineData("")]
    public async Task Refuses_another_issuer(string issuer) => await RefusesAsync(Token() with { Issuer = issuer });

    [Theory]
    [InlineData("orders")]
    [InlineData("")]
    public async Task Refuses_another_audience(string audience) => await RefusesAsync(Token() with { Audience = audience });

    [Theory]
    [InlineData("id+jwt")]
    [InlineData("logout+jwt")]
    [InlineData("dpop+jwt")]
    public async Task Refuses_another_type_of_token(string type) => await RefusesAsync(Token() with { Type = type });

    [Fact]
    public async Task Refuses_a_signature_by_another_key_of_the_same_name() => await RefusesAsync(Token() with { Key = Foreign });

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    public async Task Refuses_a_token_that_nobody_signed(string algorithm)
    {
        var payload = Token().Sign().Split('.')[1];
        var header = Base64UrlEncoder.Encode($$"""{"alg":"{{algorithm}}","typ":"at+jwt"}""");

        await RefusesAsync($"{header}.{payload}.");
        await RefusesAsync($"{header}.{payload}.{Token().Sign().Split('.')[2]}");
    }

    [Fact]
    public async Task Refuses_a_token_that_does_not_say_its_type() => await RefusesAsync(SignWith("""{"alg":"RS256","kid":"rsa"}"""));

    [Fact]
    public async Task Refuses_an_HMAC_even_with_a_secret_of_the_issuer() =>
        await RefusesAsync(Token() with { Key = Shared, Algorithm = SecurityAlgorithms.HmacSha256 });

    [Fact]
    public async Task Refuses_an_HMAC_whose_secret_is_the_public_key()
    {
        byte[][] secrets =
        [
            Rsa.Rsa.ExportSubjectPublicKeyInfo(),
            Encoding.ASCII.GetBytes(Rsa.Rsa.ExportSubjectPublicKeyInfoPem()),
            Rsa.Rsa.ExportRSAPublicKey(),
            Encoding.ASCII.GetBytes(Rsa.Rsa.ExportRSAPublicKeyPem()),
        ];
        foreach (var secret in secrets)
            await RefusesAsync(Token() with { Key = new SymmetricSecurityKey(secret) { KeyId = "rsa" }, Algorithm = SecurityAlgorithms.HmacSha256 });
    }

    [Fact]
    public async Task Refuses_claims_that_were_changed_after_the_signature()
    {
        var (read, admin) = (Token().Sign().Split('.'), (Token() with { Scope = "users:admin" }).Sign().Split('.'));

        await RefusesAsync($"{read[0]}.{admin[1]}.{read[2]}");
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("ey.ey.ey.ey.ey")]
    public async Task Refuses_garbage(string token) => await RefusesAsync(token);

    [Fact]
    public async Task Nobody_is_let_in_without_a_token_though_there_is_no_key_and_the_caller_is_on_this_machine() =>
        (await GetAsync("/v1/users")).IsProblem(401, "unauthorized");

    [Fact]
    public async Task Keys_are_good_beside_tokens()
    {
        var key = await Service.CreateKeyAsync(null, "users:read");
        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancelled);

        Assert.Equal(200, (await GetAsync("/v1/users", ("Authorization", $"Bearer {key.Token}"))).Status);
    }

    [Fact]
    public async Task An_issuer_s_keys_are_had_from_itself_and_one_that_cannot_be_reached_is_503()
    {
        await using var provider = await IdentityProvider.StartAsync(Cancelled);
        await using var trusting = new ServiceOf(provider.Address);
        await trusting.InitializeAsync();
        var token = Token() with { Issuer = provider.Address };

        provider.IsDown = true;
        (await AskAsync(trusting, token.Sign())).IsProblem(503, "unavailable");
        provider.IsDown = false;
        Assert.Equal(200, (await AskAsync(trusting, token.Sign())).Status);
        Assert.Equal(401, (await AskAsync(trusting, (token with { Key = Foreign }).Sign())).Status);
        Assert.Equal(401, (await AskAsync(trusting, Token().Sign())).Status);
    }

    [Fact]
    public async Task An_issuer_s_new_keys_are_fetched_once_a_token_names_one_and_not_for_each_token_that_does()
    {
        await using var provider = await IdentityProvider.StartAsync(Cancelled);
        await using var trusting = new ServiceOf(provider.Address);
        await trusting.InitializeAsync();
        var former = Token() with { Issuer = provider.Address };
        var next = former with { Key = new RsaSecurityKey(RSA.Create(2048)) { KeyId = "next" } };
        Assert.Equal(200, (await AskAsync(trusting, former.Sign())).Status);
        Assert.Equal(401, (await AskAsync(trusting, next.Sign())).Status); // known nowhere

        provider.Key = (RsaSecurityKey)next.Key;
        await BecomesAsync(200, trusting, next.Sign());
        await BecomesAsync(401, trusting, former.Sign()); // its key is withdrawn

        var before = provider.Requests;
        for (var i = 0; i < 200; i++)
            Assert.Equal(401, (await AskAsync(trusting, (former with { Key = new RsaSecurityKey(Rsa.Rsa) { KeyId = $"unknown{i}" } }).Sign())).Status);
        Assert.InRange(provider.Requests - before, 0, 10);
        Assert.Equal(200, (await AskAsync(trusting, next.Sign())).Status);
    }

    private static async Task BecomesAsync(int status, UsersService service, string token)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(TimeSpan.FromSeconds(15));
        while ((await AskAsync(service, token)).Status != status)
            await Task.Delay(100, patience.Token);
    }

    private static async Task<(int Reading, int Writing)> AskBothAsync(UsersService service, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/users") { Content = Body("{}"), Headers = { Authorization = new("Bearer", token) } };
        using var response = await service.Client.SendAsync(request, Cancelled);
        return ((await AskAsync(service, token)).Status, (int)response.StatusCode);
    }

    private async Task RefusesAsync(TestToken token) => await RefusesAsync(token.Sign());

    private async Task RefusesAsync(string token)
    {
        var answer = await GetAsync("/v1/users", ("Authorization", $"Bearer {token}"));

        answer.IsProblem(401, "unauthorized");
        Assert.Equal(NotValid, answer.Header("WWW-Authenticate"));
    }

    private Task<Response> AskAsync(TestToken token) => AskAsync(Service, token.Sign());

    private static async Task<Response> AskAsync(UsersService service, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/users") { Headers = { Authorization = new("Bearer", token) } };
        using var response = await service.Client.SendAsync(request, Cancelled);
        return await Response.ReadAsync(response, Cancelled);
    }

    private static TestToken Token() => new();

    /// <summary>A valid token but for its header, which no library would write.</summary>
    private static string SignWith(string header)
    {
        var signed = $"{Base64UrlEncoder.Encode(header)}.{Token().Sign().Split('.')[1]}";
        var signature = Rsa.Rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64UrlEncoder.Encode(signature)}";
    }

    private static string KeySet(RsaSecurityKey? rsaKey = null)
    {
        var keys = ((SecurityKey[])[rsaKey ?? Rsa, Ec]).Select(key =>
        {
            var jwk = key is RsaSecurityKey rsa
                ? JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.Rsa.ExportParameters(false)) { KeyId = rsa.KeyId })
                : JsonWebKeyConverter.ConvertFromECDsaSecurityKey(
                    new ECDsaSecurityKey(ECDsa.Create(Ec.ECDsa.ExportParameters(false))) { KeyId = "ec" });
            return $$"""{"kty":"{{jwk.Kty}}","kid":"{{jwk.Kid}}","n":"{{jwk.N}}","e":"{{jwk.E}}","crv":"{{jwk.Crv}}","x":"{{jwk.X}}","y":"{{jwk.Y}}"}""";
        });
        var shared = $$"""{"kty":"oct","kid":"shared","k":"{{Base64UrlEncoder.Encode(Shared.Key)}}"}""";
        return $$"""{"keys":[{{string.Join(',', keys.Append(shared))}}]}""";
    }

    private sealed record TestToken
    {
        public string Issuer { get; init; } = JwtTests.Issuer;

        public string Audience { get; init; } = JwtTests.Audience;

        public string Type { get; init; } = "at+jwt";

        public string? Scope { get; init; } = "users:read";

        /// <summary>Further claims, as JSON.</summary>
        public string Claims { get; init; } = "{}";

        public string Algorithm { get; init; } = SecurityAlgorithms.RsaSha256;

        public SecurityKey? Key { get; init; }

        public DateTime NotBefore { get; init; } = DateTime.UtcNow.AddMinutes(-10);

        public DateTime? Expires { get; init; } = DateTime.UtcNow.AddMinutes(10);

        public string Sign()
        {
            var key = Key ?? (Algorithm.StartsWith("ES", StringComparison.Ordinal) ? Ec : Rsa);
            var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
            return handler.CreateToken(new SecurityTokenDescriptor
            {
                Issuer = Issuer.Length == 0 ? null : Issuer,
                Audience = Audience.Length == 0 ? null : Audience,
                TokenType = Type,
                NotBefore = NotBefore,
                Expires = Expires,
                Subject = new ClaimsIdentity(Scope is null ? [new("sub", "ann")] : [new("sub", "ann"), new("scope", Scope)]),
                Claims = JsonDocument.Parse(Claims).RootElement.EnumerateObject()
                    .ToDictionary(claim => claim.Name, claim => claim.Value.ValueKind == JsonValueKind.String ? claim.Value.GetString()! : (object)claim.Value),
                SigningCredentials = new(key, Algorithm),
            });
        }
    }

    public class TrustingService : SqliteUsersService
    {
        private readonly string _keys = Path.GetTempFileName();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            File.WriteAllText(_keys, KeySet());
            builder.UseSetting("Jwt:KeysFile", _keys).UseSetting("Jwt:Issuer", Issuer).UseSetting("Jwt:Audience", Audience);
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            File.Delete(_keys);
            GC.SuppressFinalize(this);
        }
    }

    public sealed class LenientService : TrustingService
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Jwt:RequireType", "false").UseSetting("Jwt:RequireAudience", "false").UseSetting("Jwt:RolesClaim", "roles");
        }
    }

    private sealed class ServiceOf(string authority) : SqliteUsersService
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Jwt:Authority", authority).UseSetting("Jwt:Audience", Audience)
                .UseSetting("Logging:LogLevel:Default", "None");
        }
    }

    /// <summary>As much of OpenID Connect Discovery as tells the keys.</summary>
    private sealed class IdentityProvider : IAsyncDisposable
    {
        private readonly WebApplication _server;

        private IdentityProvider(WebApplication server)
        {
            _server = server;
            _server.MapGet("/.well-known/openid-configuration", () => Json(
                $$"""{"issuer":"{{Address}}","jwks_uri":"{{Address}}/keys"}"""));
            _server.MapGet("/keys", () => Json(KeySet(Key)));
        }

        public bool IsDown { get; set; }

        /// <summary>The RSA key that it signs with.</summary>
        public RsaSecurityKey Key { get; set; } = Rsa;

        /// <summary>How many requests it has had.</summary>
        public int Requests { get; private set; }

        public string Address => _server.Urls.Single();

        public static async Task<IdentityProvider> StartAsync(CancellationToken cancellationToken)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var provider = new IdentityProvider(builder.Build());
            provider._server.Urls.Add("http://127.0.0.1:0");
            await provider._server.StartAsync(cancellationToken);
            return provider;
        }

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        private IResult Json(string json)
        {
            Requests++;
            return IsDown ? Results.StatusCode(500) : Results.Content(json, "application/json");
        }
    }
}
