using Microsoft.Extensions.Configuration;
using UserCqrs.Application.Attributes;

namespace UserCqrs.Infrastructure;

/// <summary>The file that <see cref="UsersOptions.AttributesSchema"/> names.</summary>
public static class AttributesSchemaFile
{
    private const string Setting = $"{UsersOptions.Section}:{nameof(UsersOptions.AttributesSchema)}";

    /// <summary>The path of the file; <c>null</c> if there is no schema.</summary>
    public static string? PathIn(IConfiguration configuration) =>
        configuration[Setting] is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    /// <summary>Reads the schema; <see cref="AttributesSchema.None"/> if the setting is empty.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read, or is not a schema that can be used.</exception>
    public static AttributesSchema Read(IConfiguration configuration)
    {
        if (PathIn(configuration) is not { } path)
            return AttributesSchema.None;
        try
        {
            return AttributesSchema.Parse(File.ReadAllText(path));
        }
        catch (FormatException e)
        {
            throw new ConfigurationException($"{Setting} names {path}, which cannot be used. {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException($"{Setting} names {path}, which cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads the schema, which must be set.</summary>
    /// <exception cref="ConfigurationException">The setting is empty, or the file cannot be read or used.</exception>
    public static AttributesSchema Require(IConfiguration configuration) =>
        Read(configuration) is var schema && ReferenceEquals(schema, AttributesSchema.None)
            ? throw new ConfigurationException($"{Setting} is not set. Set it to the path of a JSON Schema (2020-12).")
            : schema;
}
