using System.Globalization;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>How much of something a test does: little unless an environment variable asks for more.</summary>
internal static class Size
{
    public static int Of(string variable, int small) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } size ? int.Parse(size, CultureInfo.InvariantCulture) : small;
}
