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

/// <summary>Where the settings tell Kestrel to listen.</summary>
internal static class ListenAddresses
{
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>The first address that is not of this machine alone, and the setting that names it.</summary>
    /// <exception cref="ConfigurationException">One is no address.</exception>
    public static (string Setting, string Address)? FirstBeyondLoopback(IConfiguration configuration)
    {
        foreach (var (setting, address) in Of(configuration))
        {
            if (!IsLocal(setting, address))
                return (setting, address);
        }

        return null;
    }

    private static IEnumerable<(string Setting, string Address)> Of(IConfiguration configuration)
    {
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
            yield return ($"{endpoint.Path}:Url", endpoint["Url"] ?? "");

        var urls = Split(configuration["urls"]);
        foreach (var url in urls)
            yield return ("urls (--urls, ASPNETCORE_URLS)", url);
        if (urls.Length > 0)
            yield break; // they go before ports
        foreach (var scheme in (string[])["http", "https"])
        {
            foreach (var port in Split(configuration[$"{scheme}_ports"]))
                yield return ($"{scheme}_ports (--{scheme}_ports, ASPNETCORE_{scheme.ToUpperInvariant()}_PORTS)", $"{scheme}://*:{port}");
        }
    }

    private static string[] Split(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static bool IsLocal(string setting, string address)
    {
        try
        {
            var binding = BindingAddress.Parse(address);
            return binding.IsUnixPipe || binding.IsNamedPipe || Loopback.Contains(binding.Host, StringComparer.OrdinalIgnoreCase);
        }
        catch (FormatException e)
        {
            throw new ConfigurationException($"{setting} names {address}. An address has the form http://localhost:5000.", e);
        }
    }
}
