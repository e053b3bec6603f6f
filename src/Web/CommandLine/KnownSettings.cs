using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using UserCqrs.Infrastructure;
using UserCqrs.Web.Hosting;
using UserCqrs.Web.Http;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.CommandLine;

/// <summary>The names of all settings, by which mistyped names are found.</summary>
internal static class KnownSettings
{
    private static readonly Dictionary<string, Type> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        [AccessOptions.Section] = typeof(AccessOptions),
        [ChangesOptions.Section] = typeof(ChangesOptions),
        ["Cors"] = typeof(CrossOriginOptions),
        [DatabaseOptions.Section] = typeof(DatabaseOptions),
        [JwtOptions.Section] = typeof(JwtOptions),
        [LimitsOptions.Section] = typeof(LimitsOptions),
        ["Shutdown"] = typeof(ShutdownOptions),
        [UsersOptions.Section] = typeof(UsersOptions),
    };

    /// <summary>The settings of this service, spelled as on the command line.</summary>
    public static readonly IReadOnlyList<string> Own =
    [
        "DATABASE_URL", "ConnectionStrings:Users",
        .. Sections.SelectMany(section => section.Value.GetProperties().Where(property => property.SetMethod is not null)
            .Select(property => $"{section.Key}:{property.Name}{(IsList(property) ? ":0" : "")}")),
    ];

    /// <summary>The settings of this service with their default values, where these are fixed: <c>Name=value</c>.</summary>
    public static IEnumerable<string> OwnWithDefaults => Own.Select(setting =>
        setting.Split(':') is [var section, var name] && Sections.TryGetValue(section, out var type)
            && type.GetProperty(name)!.GetValue(Activator.CreateInstance(type)) is { } value and not ""
            ? string.Create(CultureInfo.InvariantCulture, $"{setting}={(value is bool ? $"{value}".ToLowerInvariant() : value)}")
            : setting);

    // Settings that ASP.NET Core, Kestrel and OpenTelemetry read. A name that ends in : or _ is a prefix.
    private static readonly string[] Foreign =
    [
        "urls", "http_ports", "https_ports", "environment", "contentRoot", "applicationName", "AllowedHosts", "Kestrel:",
        "Logging:", "OTEL_",
    ];

    /// <summary>Checks the settings: the names in the sections of this service, and the values that are checked here.</summary>
    /// <exception cref="ConfigurationException">
    /// A name is unknown, and the message suggests the nearest known one; or a value is invalid.
    /// </exception>
    public static void Check(IConfiguration configuration)
    {
        var unknown = Sections.Keys.SelectMany(section => configuration.GetSection(section).GetChildren())
            .FirstOrDefault(setting => !IsKnown(setting.Path));
        if (unknown is not null)
            throw new ConfigurationException($"There is no setting {unknown.Path}. {Spelling.Suggest(unknown.Path, Own)}");

        foreach (var (section, type) in Sections)
        {
            foreach (var property in type.GetProperties())
                CheckValue(configuration.GetSection($"{section}:{property.Name}"), property);
        }

        CheckLogLevels(configuration.GetSection("Logging"));
        CheckDatabase(configuration);
    }

    // Checked here, because the framework's messages mention .NET types and classes.
    private static void CheckValue(IConfigurationSection setting, PropertyInfo property)
    {
        if (setting.Value is not { Length: > 0 } value)
            return;
        var range = property.GetCustomAttribute<RangeAttribute>();
        var bounds = string.Create(CultureInfo.InvariantCulture, $"from {range?.Minimum} to {range?.Maximum}");
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(bool) && !bool.TryParse(value, out _))
            throw Wrong(setting, "true or false");
        if (type == typeof(int)
            && !(int.TryParse(value, CultureInfo.InvariantCulture, out var count) && range?.IsValid(count) != false))
            throw Wrong(setting, $"a whole number {bounds}");
        if (type == typeof(double)
            && !(double.TryParse(value, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number) && range?.IsValid(number) != false))
            throw Wrong(setting, $"a number {bounds}");
    }

    private static void CheckLogLevels(IConfigurationSection logging)
    {
        var wrong = logging.AsEnumerable().FirstOrDefault(setting =>
            setting.Key.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase)
            && setting.Value is { Length: > 0 } && !Enum.TryParse<LogLevel>(setting.Value, ignoreCase: true, out _));
        if (wrong.Key is not null)
            throw new ConfigurationException(
                $"{wrong.Key} is '{wrong.Value}'; it must be Trace, Debug, Information, Warning, Error, Critical or None.");
    }

    // With a mistyped name, the service would otherwise create a new database in the current folder.
    private static void CheckDatabase(IConfiguration configuration)
    {
        if (configuration["DATABASE_URL"] is null && configuration.GetConnectionString("Users") is null
            && configuration.GetChildren().FirstOrDefault(setting => Spelling.IsTypoOf(setting.Key, "DATABASE_URL")) is { } near)
            throw new ConfigurationException(
                $"{near.Key} is set, but DATABASE_URL is not. If this is a typing error, rename it to DATABASE_URL; otherwise "
                + "set DATABASE_URL as well.");
    }

    private static bool IsList(PropertyInfo property) =>
        property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable));

    private static ConfigurationException Wrong(IConfigurationSection setting, string allowed) =>
        new($"{setting.Path} is '{setting.Value}'; it must be {allowed}.");

    /// <summary>Reads the settings among the arguments of a command.</summary>
    /// <param name="arguments">
    /// The arguments that the command itself does not know: <c>--Name=value</c> or, if <paramref name="bySpace"/>, <c>--Name
    /// value</c>.
    /// </param>
    /// <param name="bySpace">
    /// Whether a value may follow as a separate argument. False if the command has arguments without a name.
    /// </param>
    /// <param name="others">The names that the command knows, for suggestions.</param>
    /// <exception cref="UsageException">An argument is not a setting.</exception>
    public static Dictionary<string, string?> Read(IReadOnlyList<string> arguments, bool bySpace, IEnumerable<string> others)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var before, var after] ? (before, after) : (arguments[i], null);
            if (!name.StartsWith("--", StringComparison.Ordinal))
                throw new UsageException(Scope.All.Contains(arguments[i])
                    ? $"Each scope needs an option of its own: --scope {arguments[i]}."
                    : $"{Name(arguments[i])} is not expected here. {Spelling.Suggest(arguments[i], others)}");
            if (value == ""
                && Own.Concat(Foreign).Any(known => known.StartsWith($"{name[2..]}:", StringComparison.OrdinalIgnoreCase)))
                continue; // the name of a section: test hosts pass all sections on
            if (!IsKnown(name[2..]))
                throw new UsageException(Unknown(name, others));
            if (value is null && bySpace
                && i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
                value = arguments[++i];
            settings[name[2..]] = value ?? throw new UsageException($"{name} needs a value: {name}=value.");
        }

        return settings;
    }

    /// <summary>Whether an argument is a known setting with its value.</summary>
    public static bool IsSetting(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) && argument.IndexOf('=', StringComparison.Ordinal) is > 2 and var end
        && IsKnown(argument[2..end]);

    private static string Unknown(string option, IEnumerable<string> others)
    {
        if (option is "--port" or "--host" or "--bind" or "--listen")
            return $"There is no option {option}. The option for the address is --urls, such as --urls http://localhost:8080.";
        var known = others.Concat(Own.Concat(Foreign.Where(name => name[^1] is not (':' or '_'))).Select(name => $"--{name}"));
        var maybeSecret = option.Contains("//", StringComparison.Ordinal)
            || option.Contains(ApiKeyToken.Prefix, StringComparison.Ordinal);
        var shown = maybeSecret ? "of this name" : option;
        return $"There is no option {shown}. {Spelling.Suggest(option, known)}";
    }

    // Hides an argument that may be secret: a URL may contain a password, and an API key is secret.
    private static string Name(string argument) =>
        argument.Length <= 20 && !argument.Contains(':', StringComparison.Ordinal) ? $"'{argument}'" : "One of the arguments";

    private static bool IsKnown(string name) => Own.Contains(name, StringComparer.OrdinalIgnoreCase)
        || Own.Contains($"{name}:0", StringComparer.OrdinalIgnoreCase)
        || name.StartsWith("Cors:Origins:", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith($"{IndexedAttributes.Setting}:", StringComparison.OrdinalIgnoreCase)
        || Foreign.Any(foreign => foreign[^1] is ':' or '_' ? name.StartsWith(foreign, StringComparison.OrdinalIgnoreCase)
            : name.Equals(foreign, StringComparison.OrdinalIgnoreCase));
}
