using System.Reflection;
using Microsoft.Extensions.DependencyModel;

namespace UserCqrs.ArchitectureTests.Support;

/// <summary>The assemblies that the code of an assembly uses, and the projects and packages that its project file names.</summary>
internal static class References
{
    public static IReadOnlyList<string> Of(Assembly assembly) =>
        [.. assembly.GetReferencedAssemblies().Select(reference => reference.Name!).Union(DeclaredBy(assembly)).Order()];

    // The compiler drops unused references, so the assembly alone does not show them.
    public static IEnumerable<string> DeclaredBy(Assembly assembly) =>
        DependencyContext.Default!.RuntimeLibraries.Single(library => library.Name == assembly.GetName().Name)
            .Dependencies.Select(dependency => dependency.Name);
}
