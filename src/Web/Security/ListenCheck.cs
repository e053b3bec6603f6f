using Microsoft.Extensions.Options;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.ApiKeys;

namespace UserCqrs.Web.Security;

/// <summary>Refuses to start where others than this machine could reach a service that asks nobody for a credential.</summary>
internal sealed class ListenCheck(
    IConfiguration configuration, ApiKeyRing keys, IOptions<AccessOptions> access, IOptions<JwtOptions> jwt) : IHostedService
{
    private const string Override = $"{AccessOptions.Section}:{nameof(AccessOptions.LetAnyoneWhoReachesTheServiceReadAndChangeUsers)}";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!jwt.Value.IsUsed && !access.Value.LetAnyoneWhoReachesTheServiceReadAndChangeUsers
            && ListenAddresses.FirstBeyondLoopback(configuration) is var (setting, address)
            && !await MayHaveKeysAsync(cancellationToken))
            throw new ConfigurationException(
                $"{setting} says to listen on {address}, which others than this machine can reach, but nobody would be asked for a "
                + $"credential. Make a key with the command keys create, or set Jwt:Authority and Jwt:Audience, or listen on "
                + $"http://localhost:5000. {Override}=true would let anyone in.");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // A database that cannot tell does not stop the start: until it can, nobody is let in.
    private async Task<bool> MayHaveKeysAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await keys.HasAnyAsync(cancellationToken);
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            return true;
        }
    }
}
