namespace UserCqrs.IntegrationTests.Fixtures;

/// <summary>States why a class of HTTP tests needs no twin on the other database.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OnOneDatabaseAttribute(string because) : Attribute
{
    /// <summary>The reason.</summary>
    public string Because { get; } = because;
}

/// <summary>No HTTP test runs on one database by mistake: a class that forgets the other is found here.</summary>
public sealed class BothDatabasesTests
{
    [Fact]
    public void Every_HTTP_test_runs_on_both_databases_or_says_why_not()
    {
        var all = typeof(HttpTests).Assembly.GetTypes().Where(type => type.DeclaringType != typeof(BothDatabasesTests)).ToList();

        var missing = MissingFrom(all).ToList();

        Assert.True(missing.Count == 0, string.Join('\n', missing));
        Assert.True(all.Count(IsShared) > 20, "Hardly any class was looked at.");
    }

    [Fact]
    public void A_class_that_forgets_a_database_is_found() => Assert.Equal(
        [
            $"{nameof(Forgetful)} has 0 classes for {nameof(PostgresUsersService)}.",
            $"{nameof(SilentTests)} runs on one database, without [OnOneDatabase].",
        ],
        MissingFrom([typeof(Forgetful), typeof(ForgetfulOnSqlite), typeof(SilentTests)]));

    private static IEnumerable<string> MissingFrom(IReadOnlyList<Type> types)
    {
        foreach (var tests in types.Where(IsShared))
        {
            foreach (var database in new[] { typeof(SqliteUsersService), typeof(PostgresUsersService) })
            {
                var count = types.Count(type => type.BaseType == tests && TakesOnly(type, database));
                if (count != 1)
                    yield return $"{tests.Name} has {count} classes for {database.Name}.";
            }
        }

        foreach (var tests in types.Where(type => !type.IsAbstract && type.BaseType == typeof(HttpTests)
            && type.Name.EndsWith("Tests", StringComparison.Ordinal) && !type.IsDefined(typeof(OnOneDatabaseAttribute), inherit: false)))
            yield return $"{tests.Name} runs on one database, without [OnOneDatabase].";
    }

    private static bool IsShared(Type type) => type.IsAbstract && type.BaseType == typeof(HttpTests);

    private static bool TakesOnly(Type type, Type service) =>
        type.GetConstructors().Single().GetParameters() is [var parameter] && parameter.ParameterType == service;

    private abstract class Forgetful(UsersService service) : HttpTests(service);

    private sealed class ForgetfulOnSqlite(SqliteUsersService service) : Forgetful(service);

    private sealed class SilentTests(UsersService service) : HttpTests(service);
}
