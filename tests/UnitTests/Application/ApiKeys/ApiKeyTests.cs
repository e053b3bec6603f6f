using UserCqrs.Application.ApiKeys;
using UserCqrs.Application.Common;
using UserCqrs.Domain;
using UserCqrs.Infrastructure.ApiKeys;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.UnitTests.Application.ApiKeys;

/// <summary>The use cases of API keys, on a file.</summary>
public sealed class ApiKeyTests : IDisposable
{
    private static readonly DateTimeOffset Noon = TestDatabase.Noon;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("usercqrs-");
    private readonly SqliteApiKeyStore _store;

    public ApiKeyTests() => _store = new(new SqliteLocation(Path.Combine(_folder.FullName, "users.db")));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_new_key_has_its_scopes_once_expires_after_its_days_and_is_stored_without_its_token()
    {
        var result = await CreateAsync(new(" billing ", [Scope.Read, Scope.Write, Scope.Read], Days: 90), Noon);

        var key = Assert.Single(await _store.ListAsync(Cancelled));
        Assert.Equal((result.Value.Id, "billing", Noon, Noon.AddDays(90)), (key.Id, key.Name, key.CreatedAt, key.ExpiresAt));
        Assert.Equal([Scope.Read, Scope.Write], key.Scopes);
        Assert.Equal(result.Value.Id, ApiKeyToken.IdOf(result.Value.Token).ToString());
        Assert.DoesNotContain(result.Value.Token[12..], File.ReadAllText(Path.Combine(_folder.FullName, "users.db.keys")));
    }

    [Fact]
    public async Task A_key_without_days_does_not_expire()
    {
        await CreateAsync(new("billing", [Scope.Read]), Noon);

        Assert.Null(Assert.Single(await _store.ListAsync(Cancelled)).ExpiresAt);
    }

    [Fact]
    public async Task The_list_has_every_key_the_oldest_first()
    {
        var second = await CreateAsync(new("second", [Scope.Read]), Noon.AddDays(1));
        var first = await CreateAsync(new("first", [Scope.Admin], Days: 1), Noon);
        await RevokeAsync(second.Value.Id, Noon.AddDays(2));

        var keys = await new ListApiKeysHandler(_store).Handle(new ListApiKeys(), Cancelled);

        Assert.Equal([first.Value.Id, second.Value.Id], keys.Value.Select(key => key.Id));
        Assert.Equal([null, Noon.AddDays(2)], keys.Value.Select(key => key.RevokedAt));
    }

    [Fact]
    public async Task A_revoked_key_stays_revoked_since_the_first_time()
    {
        var created = await CreateAsync(new("billing", [Scope.Read]), Noon);

        await RevokeAsync(created.Value.Id, Noon.AddHours(1));
        var again = await RevokeAsync(created.Value.Id, Noon.AddHours(2));

        Assert.Equal(created.Value.Id, again.Value);
        Assert.Equal(Noon.AddHours(1), Assert.Single(await _store.ListAsync(Cancelled)).RevokedAt);
    }

    [Fact]
    public async Task An_unknown_id_is_not_found()
    {
        var result = await RevokeAsync("unknown0", Noon);

        Assert.Equal(Error.NotFound, result.Error);
    }

    [Theory]
    [InlineData("", Scope.Read, null, "name.invalid")]
    [InlineData(" ", Scope.Read, null, "name.invalid")]
    [InlineData("a\u202eb", Scope.Read, null, "name.invalid")]
    [InlineData("billing", "users:everything", null, "scope.unknown")]
    [InlineData("billing", Scope.Read, 0, "days.outOfRange")]
    [InlineData("billing", Scope.Read, 3651, "days.outOfRange")]
    public void Invalid_input_is_named(string name, string scope, int? days, string code)
    {
        var errors = new CreateApiKeyValidator().Validate(new CreateApiKey(name, [Scope.Read, scope], days)).Errors;

        var error = Assert.Single(errors);
        Assert.Equal(code, error.ErrorCode);
        Assert.EndsWith(".", error.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_error_is_reported_at_once_under_the_name_of_its_option()
    {
        var errors = new CreateApiKeyValidator().Validate(new CreateApiKey(new string('a', 101), [], -1)).Errors;

        Assert.Equal(["name", "scope", "days"], errors.Select(error => InputError.MemberOf(error.PropertyName)));
    }

    [Fact]
    public void The_longest_name_and_the_longest_lifetime_are_valid() =>
        Assert.True(new CreateApiKeyValidator().Validate(new CreateApiKey(new string('a', 100), [.. Scope.All], 3650)).IsValid);

    private Task<Result<NewApiKey>> CreateAsync(CreateApiKey command, DateTimeOffset now) =>
        new CreateApiKeyHandler(_store, new StoppedClock(now)).Handle(command, Cancelled);

    private Task<Result<string>> RevokeAsync(string id, DateTimeOffset now) =>
        new RevokeApiKeyHandler(_store, new StoppedClock(now)).Handle(new RevokeApiKey(id), Cancelled);
}
