using Microsoft.Extensions.Configuration;
using UserCqrs.Application.Users;

namespace UserCqrs.Infrastructure;

/// <summary>Reads <see cref="UsersOptions.IndexedAttributes"/>.</summary>
internal static class IndexedAttributesSetting
{
    /// <exception cref="ConfigurationException">The setting lists a path that cannot be indexed, or has another form.</exception>
    public static IndexedAttributes Read(IConfiguration configuration)
    {
        var setting = configuration.GetSection(IndexedAttributes.Setting);
        if (setting.Value is { Length: > 0 })
            throw new ConfigurationException(
                $"{setting.Path} is a list. Number its paths: {setting.Path}:0=plan {setting.Path}:1=address.city.");
        try
        {
            return IndexedAttributes.Parse([.. setting.GetChildren().Select(path => path.Value ?? "")]);
        }
        catch (FormatException e)
        {
            throw new ConfigurationException($"{setting.Path} cannot be used. {e.Message}", e);
        }
    }
}
