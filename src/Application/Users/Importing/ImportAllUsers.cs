using UserCqrs.Application.Common;

namespace UserCqrs.Application.Users.Importing;

/// <summary>Imports all lines in one transaction, or none of them if one is invalid or in conflict.</summary>
/// <param name="Lines">The lines, in order. They may be enumerated more than once.</param>
/// <param name="Options">How they are imported.</param>
[NothingToValidate("ImportLineCheck has checked the lines")]
public sealed record ImportAllUsers(IAsyncEnumerable<ImportLine> Lines, ImportOptions Options)
    : ICommand<ImportTotals>, IIdempotentCommand
{
    /// <summary>The maximum number of lines.</summary>
    public const int MaxLines = 100_000;

    /// <summary>The maximum number of errors that are returned.</summary>
    public const int MaxErrors = 100;

    /// <inheritdoc/>
    public IdempotencyKey? Idempotency { get; init; }

    Saves ICommand.Saves => Saves.Many;
}

/// <summary>The numbers of lines, in all and by what became of them.</summary>
public sealed record ImportTotals(
    long Lines = 0, long Created = 0, long Updated = 0, long Unchanged = 0, long Skipped = 0, long Conflict = 0,
    long Invalid = 0)
{
    /// <summary>The totals with one line more.</summary>
    public ImportTotals With(ImportOutcome outcome)
    {
        var more = this with { Lines = Lines + 1 };
        return outcome switch
        {
            ImportOutcome.Created => more with { Created = Created + 1 },
            ImportOutcome.Updated => more with { Updated = Updated + 1 },
            ImportOutcome.Unchanged => more with { Unchanged = Unchanged + 1 },
            ImportOutcome.Skipped => more with { Skipped = Skipped + 1 },
            ImportOutcome.Conflict => more with { Conflict = Conflict + 1 },
            _ => more with { Invalid = Invalid + 1 },
        };
    }
}

internal sealed class ImportAllUsersHandler(UserImporter importer) : ICommandHandler<ImportAllUsers, ImportTotals>
{
    public async Task<Result<ImportTotals>> Handle(ImportAllUsers request, CancellationToken cancellationToken)
    {
        var totals = new ImportTotals();
        var errors = new List<InputError>();
        await foreach (var lines in request.Lines.Chunk(ImportUsers.MaxLines).WithCancellation(cancellationToken))
        {
            foreach (var line in await importer.ImportAsync(lines, request.Options, cancellationToken))
            {
                totals = totals.With(line.Outcome);
                errors.AddRange(line.Errors.Select(error => error with { Line = line.Number }));
            }

            if (errors.Count >= ImportAllUsers.MaxErrors)
                break;
        }

        return errors.Count > 0
            ? Error.Invalid([.. errors.Take(ImportAllUsers.MaxErrors)])
            : new Result<ImportTotals>(totals) { IsDiscarded = request.Options.IsDryRun };
    }
}
