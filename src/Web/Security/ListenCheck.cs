using Microsoft.Extensions.Options;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.ApiKeys;

namespace UserCqrs.Web.Security;

/// <summary>
/// Refuses to start on a network without keys and without JWT. On loopback it says in the log who may call such a service.
/// </summary>
internal sealed partial class ListenCheck(
    IConfiguration configuration, ApiKeyRing keys, IOptions<AccessOptions> access, IOptions<JwtOptions> jwt, ILogger<ListenCheck> logger)
    : IHostedService
{
    private const string Override = $"{AccessOptions.Section}:{nameof(AccessOptions.LetAnyoneWhoReachesTheServiceReadAndChangeUsers)}";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var beyond = ListenAddresses.FirstBeyondLoopback(configuration);
        if (jwt.Value.IsUsed || access.Value.LetAnyoneWhoReachesTheServiceReadAndChangeUsers || await MayHaveKeysAsync(cancellationToken))
            return;
        if (beyond is var (setting, address))
            throw new ConfigurationException(
                $"{setting} says to listen on {address}, which others than this machine can reach, but there is no credential that they "
                + $"could be asked for. Make a key with the command keys create, or set Jwt:Authority and Jwt:Audience, or listen on "
                + $"http://localhost:5000. {Override}=true would let anyone in.");
        if (access.Value.AllowAnonymousOnLoopback)
            LogOpen();
        else
            LogClosed();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "There are no API keys yet: every program on this machine may read and "
        + "change users, and no other machine may. The command keys create makes a key, which every caller needs from then on.")]
    private partial void LogOpen();

    [LoggerMessage(Level = LogLevel.Warning, Message = "There are no API keys yet, so every caller is answered 401. Make one with "
        + "the command keys create. To serve every program on this machine without a key, set Access:AllowAnonymousOnLoopback=true.")]
    private partial void LogClosed();

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
