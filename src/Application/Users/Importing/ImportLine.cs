using UserCqrs.Application.Attributes;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users.Importing;

/// <summary>How users are imported.</summary>
/// <param name="OnConflict">What happens to a line whose user exists.</param>
/// <param name="Key">The member by which an existing user is found.</param>
/// <param name="IsDryRun">Whether all changes are rolled back in the end.</param>
public sealed record ImportOptions(
    ImportConflict OnConflict = ImportConflict.Fail, ImportKey Key = ImportKey.Email, bool IsDryRun = false);

/// <summary>What happens to a line whose user exists.</summary>
public enum ImportConflict
{
    /// <summary>The line is in conflict, and nothing changes.</summary>
    Fail,

    /// <summary>The user stays as it is.</summary>
    Skip,

    /// <summary>The members that the line gives are set; others keep their values.</summary>
    Update,
}

/// <summary>The member by which an existing user is found.</summary>
public enum ImportKey
{
    /// <summary>The e-mail address, without regard to case.</summary>
    Email,

    /// <summary>The external id, which every line must then have.</summary>
    ExternalId,
}

/// <summary>A line of an import that was checked: the data of a user, or the errors that it has instead.</summary>
/// <param name="Number">The number of the line, starting at 1.</param>
/// <param name="Data">The data; <c>null</c> if there are errors.</param>
/// <param name="Errors">The errors.</param>
public sealed record ImportLine(long Number, UserData? Data, IReadOnlyList<InputError> Errors)
{
    /// <summary>A line that cannot be read, or breaks a rule.</summary>
    public static ImportLine Invalid(long number, params IReadOnlyList<InputError> errors) => new(number, null, errors);
}

/// <summary>
/// Checks the lines of an import by the rules for a new user. This is not done by <c>ValidationBehavior</c>, because an invalid
/// line is a result of an import and does not refuse it; and not by the handlers, because on SQLite they run on the one writer.
/// </summary>
public sealed class ImportLineCheck(AttributesSchema schema)
{
    private static readonly InputError NoExternalId =
        new("externalId", "externalId.required", "The externalId is missing, by which the import finds existing users.");

    private readonly UserInputValidator[] _rules = [UserInputValidator.Complete(schema)];

    /// <summary>Checks the data of a line.</summary>
    public ImportLine Check(long number, UserInput input, ImportOptions options)
    {
        var errors = ValidationErrors.Of(_rules, input, input.Unreadable);
        var needsExternalId = options is { Key: ImportKey.ExternalId, OnConflict: not ImportConflict.Fail };
        if (needsExternalId && !(input.ExternalId.IsGiven && input.ExternalId.Value is not null)
            && errors?.Any(error => error.Member == NoExternalId.Member) != true)
            (errors ??= []).Add(NoExternalId);
        return errors is null ? new(number, input.ToData(), []) : ImportLine.Invalid(number, errors);
    }
}
