using System.ComponentModel.DataAnnotations;

namespace UserCqrs.Infrastructure;

/// <summary>The settings under <c>Changes</c>.</summary>
public sealed class ChangesOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Changes";

    /// <summary>
    /// How many days the log keeps a change, and with it the data of the user at that time and the possibility to restore a
    /// deleted user. 1 to 36,500; 30 by default.
    /// </summary>
    [Range(1, 36_500)]
    public int RetentionDays { get; init; } = 30;
}
