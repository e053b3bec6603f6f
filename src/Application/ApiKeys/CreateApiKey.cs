using FluentValidation;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.ApiKeys;

/// <summary>Creates an API key. Its token is returned only here.</summary>
/// <param name="Name">The name of the key's owner, for people.</param>
/// <param name="Scopes">The scopes of the key, of <see cref="Scope.All"/>.</param>
/// <param name="Days">After how many days the key expires, 1 to <see cref="MaxDays"/>; <c>null</c> if it does not.</param>
public sealed record CreateApiKey(string Name, IReadOnlyList<string> Scopes, int? Days = null) : ICommand<NewApiKey>
{
    /// <summary>The maximum length of a name in UTF-16 code units.</summary>
    public const int MaxNameLength = 100;

    /// <summary>The longest lifetime in days.</summary>
    public const int MaxDays = 3650;
}

/// <summary>A key that was created.</summary>
/// <param name="Id">See <see cref="ApiKey.Id"/>.</param>
/// <param name="Token">The token, which is not stored.</param>
public sealed record NewApiKey(string Id, string Token);

internal sealed class CreateApiKeyValidator : AbstractValidator<CreateApiKey>
{
    public CreateApiKeyValidator()
    {
        RuleFor(command => command.Name)
            .Must(name => name.Length <= CreateApiKey.MaxNameLength && UserName.TryParse(name, out _, out _))
            .WithErrorCode("name.invalid")
            .WithMessage($"The name must have 1 to {CreateApiKey.MaxNameLength} characters, at least one of them visible, and no "
                + "control characters or bidirectional overrides.");
        RuleFor(command => command.Scopes).Must(scopes => scopes.Count > 0 && scopes.All(Scope.All.Contains))
            .OverridePropertyName("scope").WithErrorCode("scope.unknown")
            .WithMessage($"Each scope must be one of {string.Join(", ", Scope.All)}.");
        RuleFor(command => command.Days).InclusiveBetween(1, CreateApiKey.MaxDays)
            .WithErrorCode("days.outOfRange").WithMessage($"The lifetime must be 1 to {CreateApiKey.MaxDays} days.");
    }
}

internal sealed class CreateApiKeyHandler(IApiKeyStore keys, TimeProvider clock) : ICommandHandler<CreateApiKey, NewApiKey>
{
    public async Task<Result<NewApiKey>> Handle(CreateApiKey request, CancellationToken cancellationToken)
    {
        var lifetime = request.Days is { } days ? TimeSpan.FromDays(days) : (TimeSpan?)null;
        var name = UserName.Parse(request.Name).Value;
        var (key, token) = ApiKey.Create(name, [.. request.Scopes.Distinct()], clock.GetUtcNow(), lifetime);
        await keys.AddAsync(key, cancellationToken);
        return new NewApiKey(key.Id, token);
    }
}
