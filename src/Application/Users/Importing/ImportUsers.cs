using UserCqrs.Application.Common;

namespace UserCqrs.Application.Users.Importing;

/// <summary>Imports some lines, each for itself, in one transaction.</summary>
/// <param name="Lines">The lines, in order.</param>
/// <param name="Options">How they are imported.</param>
[NothingToValidate("ImportLineCheck has checked the lines")]
public sealed record ImportUsers(IReadOnlyList<ImportLine> Lines, ImportOptions Options)
    : ICommand<IReadOnlyList<ImportedLine>>
{
    /// <summary>
    /// The number of lines that are imported in one transaction. On SQLite, other writers wait for it: with 500 lines, an import
    /// is a third faster, and their 99th percentile is half as much again.
    /// </summary>
    public const int MaxLines = 150;

    Saves ICommand.Saves => Saves.Many;
}

/// <summary>What became of a line.</summary>
/// <param name="Number">See <see cref="ImportLine.Number"/>.</param>
/// <param name="Outcome">What happened.</param>
/// <param name="UserId">The user that was created or found; <c>null</c> if there is none.</param>
/// <param name="Errors">Why nothing happened.</param>
public sealed record ImportedLine(long Number, ImportOutcome Outcome, long? UserId, IReadOnlyList<InputError> Errors);

/// <summary>What can become of a line.</summary>
public enum ImportOutcome
{
    /// <summary>A user was stored.</summary>
    Created,

    /// <summary>The existing user was changed.</summary>
    Updated,

    /// <summary>The existing user already has all values of the line.</summary>
    Unchanged,

    /// <summary>There is such a user, and it was left as it is.</summary>
    Skipped,

    /// <summary>Another user has the e-mail address or the external id.</summary>
    Conflict,

    /// <summary>The line breaks a rule or cannot be read.</summary>
    Invalid,
}

internal sealed class ImportUsersHandler(UserImporter importer) : ICommandHandler<ImportUsers, IReadOnlyList<ImportedLine>>
{
    public async Task<Result<IReadOnlyList<ImportedLine>>> Handle(ImportUsers request, CancellationToken cancellationToken)
    {
        var lines = await importer.ImportAsync(request.Lines, request.Options, cancellationToken);
        return new Result<IReadOnlyList<ImportedLine>>(lines) { IsDiscarded = request.Options.IsDryRun };
    }
}
