using System.Net;
using UserCqrs.Infrastructure;

namespace UserCqrs.Web.Security;

/// <summary>Reads the addresses on which the settings tell Kestrel to listen.</summary>
internal static class ListenAddresses
{
    /// <summary>The first address that other machines can reach, and the setting that names it.</summary>
    /// <exception cref="ConfigurationException">An address is malformed.</exception>
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
            yield break; // they take precedence over ports
        foreach (var scheme in (string[])["http", "https"])
        {
            foreach (var port in Split(configuration[$"{scheme}_ports"]))
                yield return (
                    $"{scheme}_ports (--{scheme}_ports, ASPNETCORE_{scheme.ToUpperInvariant()}_PORTS)", $"{scheme}://*:{port}");
        }
    }

    private static string[] Split(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static bool IsLocal(string setting, string address)
    {
        try
        {
            var binding = BindingAddress.Parse(address);
            if (binding.Scheme is not ("http" or "https") || binding.Port > IPEndPoint.MaxPort
                || binding is { PathBase.Length: > 0, IsUnixPipe: false })
                throw new FormatException();
            return binding.IsUnixPipe || binding.IsNamedPipe || Loopback.IsName(binding.Host);
        }
        catch (FormatException e)
        {
            throw new ConfigurationException(
                $"{setting} names {address}. An address has the form http://localhost:5000, with a port of 0 to 65535 and no "
                + "path.", e);
        }
    }
}
