using Microsoft.Extensions.Options;
using UserCqrs.Infrastructure;

namespace UserCqrs.Web.Security;

/// <summary>Prevents the service from listening on a network without keys and without JWT.</summary>
internal sealed class ListenCheck(IConfiguration configuration, Admission admission, IOptions<AccessOptions> access)
    : IHostedService
{
    private const string Override =
        $"{AccessOptions.Section}:{nameof(AccessOptions.LetAnyoneWhoReachesTheServiceReadAndChangeUsers)}";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (ListenAddresses.FirstBeyondLoopback(configuration) is not var (setting, address)
            || access.Value.LetAnyoneWhoReachesTheServiceReadAndChangeUsers
            || await admission.NeedsCredentialAsync(cancellationToken))
            return;
        throw new ConfigurationException(
            $"{setting} says to listen on {address}, which other machines can reach, but there is no credential that callers "
            + "could send. Make a key with the command keys create, or set Jwt:Authority and Jwt:Audience, or listen on "
            + $"http://localhost:5000. {Override}=true would let anyone in.");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
