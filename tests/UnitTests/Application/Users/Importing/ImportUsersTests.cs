using UserCqrs.Application.Attributes;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Application.Users.Importing;
using static UserCqrs.UnitTests.TestUsers;

namespace UserCqrs.UnitTests.Application.Users.Importing;

public sealed class ImportUsersTests : IDisposable
{
    private static readonly ImportOptions Update = new(ImportConflict.Update);

    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Lines_imported_together_have_the_outcome_of_lines_imported_one_after_the_other()
    {
        using var other = new TestDatabase();
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var options = new ImportOptions((ImportConflict)random.Next(3), (ImportKey)random.Next(2));
            var lines = Enumerable.Range(1, random.Next(1, 15)).Select(number => Line(number, RandomInput(random), options)).ToList();

            var together = await ImportAsync(_database, lines, options);
            var oneByOne = new List<ImportedLine>();
            foreach (var line in lines)
                oneByOne.AddRange(await ImportAsync(other, [line], options));

            Assert.Equal(oneByOne.Select(Summary), together.Select(Summary));
            Assert.Equal(await UsersAsync(other), await UsersAsync(_database));
            if (seed % 3 == 0)
            {
                _database.Execute("DELETE FROM users");
                other.Execute("DELETE FROM users");
            }
        }
    }

    [Fact]
    public async Task Reports_what_became_of_each_line()
    {
        await _database.AddAsync("Ann", "ann@example.org");

        var lines = await ImportAsync(_database, [
            Line(1, Given("Ann", "ANN@example.org")), Line(2, Given("", "bob@example.org")), Line(4, Given("Cid", "cid@example.org")),
        ]);

        Assert.Equal(["1 Conflict email.taken", "2 Invalid name.empty", "4 Created 3"], lines.Select(Summary));
    }

    [Fact]
    public void A_line_needs_the_external_id_by_which_users_are_found()
    {
        var options = new ImportOptions(ImportConflict.Skip, ImportKey.ExternalId);

        Assert.Equal("externalId.required", Assert.Single(Line(1, Given("Ann", "ann@example.org"), options).Errors).Code);
        Assert.Equal("externalId.empty", Assert.Single(Line(1, Given("Ann", "ann@example.org") with { ExternalId = "" }, options).Errors).Code);
        Assert.Empty(Line(1, Given("Ann", "ann@example.org"), options with { OnConflict = ImportConflict.Fail }).Errors);
    }

    [Fact]
    public async Task The_schema_of_attributes_holds_for_new_users_without_attributes()
    {
        var schema = AttributesSchema.Parse("""{"required":["plan"]}""");
        await _database.AddAsync("Ann", "ann@example.org");

        var lines = await ImportAsync(
            _database, [Line(1, Given("Bea", "ann@example.org")), Line(2, Given("Cid", "cid@example.org"))], Update, schema);

        Assert.Equal(["1 Updated 1", "2 Invalid attributes.schema"], lines.Select(Summary));
    }

    [Fact]
    public async Task All_lines_are_imported_or_the_errors_name_lines()
    {
        var lines = Enumerable.Range(1, 700).Select(i => Line(i, Given("Ann", $"{i}@example.org"))).ToList();

        var totals = (await ImportAllAsync(lines)).Value;
        var errors = (await ImportAllAsync(lines)).Error!.Inputs;

        Assert.Equal(new ImportTotals(Lines: 700, Created: 700), totals);
        Assert.Equal(Enumerable.Range(1, 100).Select(line => ((long?)line, "email.taken")), errors.Select(error => (error.Line, error.Code)));
    }

    [Fact]
    public async Task A_dry_run_is_discarded()
    {
        var options = new ImportOptions(IsDryRun: true);

        Assert.True((await ImportAllAsync([Line(1, Given("Ann", "ann@example.org"))], options)).IsDiscarded);
        await using var db = _database.CreateWriteContext();
        var handler = new ImportUsersHandler(new UserImporter(db, AttributesSchema.None, new StoppedClock(TestDatabase.Noon)));
        Assert.True((await handler.Handle(new([], options), TestContext.Current.CancellationToken)).IsDiscarded);
        Assert.Equal(Saves.Many, ((ICommand)new ImportUsers([], options)).Saves);
    }

    [Fact]
    public void Totals_count_every_outcome()
    {
        var totals = Enum.GetValues<ImportOutcome>().Aggregate(new ImportTotals(), (sum, outcome) => sum.With(outcome));

        Assert.Equal(new ImportTotals(6, 1, 1, 1, 1, 1, 1), totals);
    }

    private static UserInput RandomInput(Random random)
    {
        var input = Given(random.Next(20) == 0 ? "" : $"N{random.Next(3)}", $"{(char)(random.Next(2) == 0 ? 'e' : 'E')}{random.Next(4)}@example.org");
        return random.Next(3) == 0 ? input : input with { ExternalId = random.Next(10) == 0 ? null : $"x{random.Next(4)}" };
    }

    private static ImportLine Line(long number, UserInput input, ImportOptions? options = null) =>
        new ImportLineCheck(AttributesSchema.None).Check(number, input, options ?? new());

    private static string Summary(ImportedLine line) =>
        $"{line.Number} {line.Outcome} {line.UserId}{string.Join(',', line.Errors.Select(error => error.Code))}";

    private static async Task<IReadOnlyList<ImportedLine>> ImportAsync(
        TestDatabase database, IReadOnlyList<ImportLine> lines, ImportOptions? options = null, AttributesSchema? schema = null)
    {
        await using var db = database.CreateWriteContext();
        var importer = new UserImporter(db, schema ?? AttributesSchema.None, new StoppedClock(TestDatabase.Noon));
        return (await new ImportUsersHandler(importer).Handle(new(lines, options ?? new()), TestContext.Current.CancellationToken)).Value;
    }

    private static async Task<List<string>> UsersAsync(TestDatabase database)
    {
        var users = new List<string>();
        await foreach (var user in database.StreamUsersAsync(UserFilter.None, TestContext.Current.CancellationToken))
            users.Add($"{user.Id} {user.Name} {user.Email} {user.ExternalId} {user.Version}");
        return users;
    }

    private async Task<Result<ImportTotals>> ImportAllAsync(IReadOnlyList<ImportLine> lines, ImportOptions? options = null)
    {
        await using var db = _database.CreateWriteContext();
        var importer = new UserImporter(db, AttributesSchema.None, new StoppedClock(TestDatabase.Noon));
        return await new ImportAllUsersHandler(importer).Handle(
            new(lines.ToAsyncEnumerable(), options ?? new()), TestContext.Current.CancellationToken);
    }
}
