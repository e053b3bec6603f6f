using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Attributes;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users.Importing;

/// <summary>
/// Imports lines in the transaction of a command. The outcome is that of importing one line after the other. Consecutive lines
/// that create users, or change existing ones, are written together as far as that makes no difference.
/// </summary>
internal sealed class UserImporter(WriteContext db, AttributesSchema schema, TimeProvider clock)
{
    public async Task<IReadOnlyList<ImportedLine>> ImportAsync(
        IReadOnlyList<ImportLine> lines, ImportOptions options, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear(); // an earlier command of the same import may have used this context
        if (options.OnConflict != ImportConflict.Update)
            return await CreateAsync(lines, options, cancellationToken);

        var existing = (await FindAsync(lines, options.Key, cancellationToken)).Keys.ToHashSet();
        var imported = new List<ImportedLine>(lines.Count);
        while (imported.Count < lines.Count)
        {
            var rest = lines.Skip(imported.Count);
            var created = rest.TakeWhile(line => line.Data is null || existing.Add(KeyOf(line.Data, options.Key)!)).ToList();
            imported.AddRange(await CreateAsync(created, options, cancellationToken));
            var updated = rest.Skip(created.Count)
                .TakeWhile(line => line.Data is { } data && existing.Contains(KeyOf(data, options.Key)!)).ToList();
            var found = await UpdateAsync(updated, options, cancellationToken);
            imported.AddRange(found);
            if (found.Count < updated.Count)
                existing.Remove(KeyOf(updated[found.Count].Data!, options.Key)!); // it does not exist after all, so create it
        }

        return imported;
    }

    private async Task<IReadOnlyList<ImportedLine>> CreateAsync(
        IReadOnlyList<ImportLine> lines, ImportOptions options, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var withoutAttributes = new Lazy<Error?>(() => schema.ErrorIn(null));
        var checkedLines = lines.Select(line =>
            line.Data is { Attributes.IsGiven: false } && withoutAttributes.Value is { } error
                ? ImportLine.Invalid(line.Number, error.Inputs)
                : line).ToList();
        var users = checkedLines.Where(line => line.Data is not null).Select(line => User.Create(line.Data!, now)).ToList();
        var ids = new Queue<long?>(await db.InsertAsync(users, cancellationToken));
        var imported = checkedLines.ConvertAll(line =>
            line.Data is null ? new ImportedLine(line.Number, ImportOutcome.Invalid, null, line.Errors)
            : ids.Dequeue() is { } id ? new(line.Number, ImportOutcome.Created, id, [])
            : new(line.Number, ImportOutcome.Conflict, null, []));
        await ExplainAsync(imported, checkedLines, options, cancellationToken);
        return imported;
    }

    /// <returns>The lines up to the first one whose user does not exist.</returns>
    private async Task<List<ImportedLine>> UpdateAsync(
        List<ImportLine> lines, ImportOptions options, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        db.ChangeTracker.Clear();
        await db.LockAsync(UsersOf(lines, options.Key), cancellationToken);
        var users = await FindAsync(lines, options.Key, cancellationToken);
        var imported = new List<ImportedLine>(lines.Count);
        foreach (var line in lines)
        {
            var data = line.Data!;
            if (!users.TryGetValue(KeyOf(data, options.Key)!, out var user))
                break;

            // Only a change of a unique value can be in conflict. It is saved alone, and after the changes before it.
            var changesKeys = data.Email.Value.Key != user.EmailKey
                || (data.ExternalId.IsGiven && data.ExternalId.Value?.Value != user.ExternalId);
            if (changesKeys)
                await SaveAsync(cancellationToken);
            var version = user.Version;
            user.Change(data, now);
            if (changesKeys && await db.TrySaveAsync(cancellationToken) is { } conflict)
            {
                await db.Entry(user).ReloadAsync(cancellationToken);
                imported.Add(new(line.Number, ImportOutcome.Conflict, null, conflict.Inputs));
                continue;
            }

            imported.Add(new(
                line.Number, user.Version == version ? ImportOutcome.Unchanged : ImportOutcome.Updated, user.Id, []));
        }

        await SaveAsync(cancellationToken);
        return imported;
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (await db.TrySaveAsync(cancellationToken) is { } conflict)
            throw new InvalidOperationException($"A change of no unique value is in conflict: {conflict.Inputs[0].Code}.");
    }

    // Finds out whose values the lines in conflict have, and skips those whose user exists if that is wanted.
    private async Task ExplainAsync(
        List<ImportedLine> imported, List<ImportLine> lines, ImportOptions options, CancellationToken cancellationToken)
    {
        var conflicts = Enumerable.Range(0, imported.Count)
            .Where(i => imported[i].Outcome == ImportOutcome.Conflict).ToList();
        if (conflicts.Count == 0)
            return;
        List<ImportLine> inConflict = [.. conflicts.Select(i => lines[i])];
        var byEmail = await FindAsync(inConflict, ImportKey.Email, cancellationToken);
        var byExternalId = await FindAsync(inConflict, ImportKey.ExternalId, cancellationToken);
        db.ChangeTracker.Clear();
        var createdBy = Enumerable.Range(0, imported.Count).Where(i => imported[i].Outcome == ImportOutcome.Created)
            .ToDictionary(i => imported[i].UserId!.Value);
        foreach (var i in conflicts)
        {
            var data = lines[i].Data!;
            var hasEmail = Before(i, byEmail.GetValueOrDefault(KeyOf(data, ImportKey.Email)!));
            var hasExternalId = KeyOf(data, ImportKey.ExternalId) is { } id
                ? Before(i, byExternalId.GetValueOrDefault(id))
                : null;
            var same = options.Key == ImportKey.Email ? hasEmail : hasExternalId;
            imported[i] = options.OnConflict == ImportConflict.Skip && same is not null
                ? imported[i] with { Outcome = ImportOutcome.Skipped, UserId = same.Id }
                : imported[i] with
                {
                    Errors =
                    [
                        .. hasEmail is not null || hasExternalId is null ? UniqueIndexes.EmailTaken.Inputs : [],
                        .. hasExternalId is not null ? UniqueIndexes.ExternalIdTaken.Inputs : [],
                    ],
                };
        }

        // A user that a later line has created was not there yet.
        User? Before(int line, User? user) =>
            user is not null && createdBy.TryGetValue(user.Id, out var creator) && creator > line ? null : user;
    }

    private Task<Dictionary<string, User>> FindAsync(
        IEnumerable<ImportLine> lines, ImportKey key, CancellationToken cancellationToken)
    {
        var users = UsersOf(lines, key);
        return key == ImportKey.Email
            ? users.ToDictionaryAsync(user => user.EmailKey, cancellationToken)
            : users.ToDictionaryAsync(user => user.ExternalId!, cancellationToken);
    }

    private IQueryable<User> UsersOf(IEnumerable<ImportLine> lines, ImportKey key)
    {
        var keys = lines.Where(line => line.Data is not null).Select(line => KeyOf(line.Data!, key)).OfType<string>().ToList();
        return key == ImportKey.Email
            ? db.Users.Where(user => keys.Contains(user.EmailKey))
            : db.Users.Where(user => keys.Contains(user.ExternalId!));
    }

    private static string? KeyOf(UserData data, ImportKey key) =>
        key == ImportKey.Email ? data.Email.Value.Key
        : data.ExternalId.IsGiven ? data.ExternalId.Value?.Value
        : null;
}
