using System.Reflection;
using Mono.Cecil;
using UserCqrs.ArchitectureTests.Support;

namespace UserCqrs.ArchitectureTests;

public sealed class LayerTests
{
    private static readonly string[] PackagesOfApplication =
    [
        "FluentValidation", "FluentValidation.DependencyInjectionExtensions", "JsonPointer.Net", "JsonSchema.Net",
        "Mapster", "Mapster.Core", "MediatR", "Microsoft.EntityFrameworkCore", "Microsoft.EntityFrameworkCore.Abstractions",
    ];

    [Fact]
    public void Domain_references_nothing_of_ours_and_no_framework() =>
        Assert.Empty(Unwelcome(Solution.Domain, IsWelcomeInDomain));

    [Fact]
    public void Application_references_Domain_and_neither_web_nor_database_engine() =>
        Assert.Empty(Unwelcome(Solution.Application, IsWelcomeInApplication));

    [Fact]
    public void Application_never_sees_HTTP() =>
        Assert.Empty(Unwelcome(Solution.Application, IsNotHttp));

    [Fact]
    public void Infrastructure_never_references_Web() =>
        Assert.Empty(Unwelcome(Solution.Infrastructure, IsWelcomeInInfrastructure));

    [Fact]
    public void Web_knows_no_exception_of_a_database_but_DatabaseUnavailableException() =>
        Assert.Empty(DatabaseExceptionsKnownTo(Solution.Web));

    [Fact]
    public void Projects_reference_each_other_one_way() => Assert.Equal(
        [
            "UserCqrs.Application → UserCqrs.Domain",
            "UserCqrs.Infrastructure → UserCqrs.Application",
            "UserCqrs.Web → UserCqrs.Application",
            "UserCqrs.Web → UserCqrs.Infrastructure",
        ],
        Solution.All.SelectMany(Arrows).Order());

    // The canary of all layers is this assembly: it references Web in its project file, and everything else in code.

    [Fact]
    public void References_that_Domain_must_not_have_are_found()
    {
        var found = Unwelcome(Solution.Canaries, IsWelcomeInDomain);
        Assert.Equal(Solution.All.Select(NameOf).Order(), found.Where(IsOurs));
        Assert.Contains("Mono.Cecil", found);
    }

    [Fact]
    public void References_that_Application_must_not_have_are_found()
    {
        var found = Unwelcome(Solution.Canaries, IsWelcomeInApplication);
        Assert.Equal(["UserCqrs.Application", "UserCqrs.Infrastructure", "UserCqrs.Web"], found.Where(IsOurs));
        Assert.Contains("Mono.Cecil", found);
    }

    [Fact]
    public void References_to_HTTP_are_found() =>
        Assert.Contains("Microsoft.AspNetCore.Http.Abstractions", Unwelcome(Solution.Canaries, IsNotHttp));

    [Fact]
    public void Exceptions_of_databases_are_found() => Assert.Equal(
        ["Microsoft.Data.Sqlite.SqliteException", "Npgsql.NpgsqlException"], DatabaseExceptionsKnownTo(Solution.Canaries));

    [Fact]
    public void References_that_Infrastructure_must_not_have_are_found() =>
        Assert.Equal(["UserCqrs.Web"], Unwelcome(Solution.Canaries, IsWelcomeInInfrastructure));

    [Fact]
    public void References_between_projects_are_found() =>
        Assert.Equal(["UserCqrs.ArchitectureTests → UserCqrs.Web"], Arrows(Solution.Canaries));

    private static List<string> DatabaseExceptionsKnownTo(Assembly assembly)
    {
        using var module = ModuleDefinition.ReadModule(assembly.Location);
        return
        [
            .. module.GetTypeReferences()
                .Where(type => (type.Namespace is "Microsoft.Data.Sqlite" or "Microsoft.EntityFrameworkCore" or "Npgsql")
                    && type.Name.EndsWith("Exception", StringComparison.Ordinal))
                .Select(type => type.FullName).Order(),
        ];
    }

    private static List<string> Unwelcome(Assembly assembly, Func<string, bool> isWelcome)
    {
        var references = References.Of(assembly);
        Assert.NotEmpty(references);
        return [.. references.Where(name => !isWelcome(name))];
    }

    private static IEnumerable<string> Arrows(Assembly assembly) =>
        References.DeclaredBy(assembly).Where(IsOurs).Select(name => $"{NameOf(assembly)} → {name}");

    private static bool IsWelcomeInDomain(string name) => name.StartsWith("System.", StringComparison.Ordinal);

    private static bool IsWelcomeInApplication(string name) =>
        IsWelcomeInDomain(name) || name == NameOf(Solution.Domain) || PackagesOfApplication.Contains(name)
        || (name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
            && name.EndsWith(".Abstractions", StringComparison.Ordinal));

    private static bool IsWelcomeInInfrastructure(string name) => name != NameOf(Solution.Web);

    private static bool IsNotHttp(string name) => !name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal);

    private static bool IsOurs(string name) => Solution.All.Any(assembly => NameOf(assembly) == name);

    private static string NameOf(Assembly assembly) => assembly.GetName().Name!;
}
