using System.Reflection;
using Microsoft.Extensions.DependencyModel;

namespace UserCqrs.ArchitectureTests.Support;

/// <summary>The assemblies that one's code uses, and the projects and packages that its project file names.</summary>
internal static class References
{
    public static IReadOnlyList<string> Of(Assembly assembly) =>
        [.. assembly.GetReferencedAssemblies().Select(reference => reference.Name!).Union(DeclaredBy(assembly)).Order()];

    // The compiler drops what is not used, so that the assembly alone does not tell.
    public static IEnumerable<string> DeclaredBy(Assembly assembly) =>
        DependencyContext.Default!.RuntimeLibraries.Single(library => library.Name == assembly.GetName().Name)
            .Dependencies.Select(dependency => dependency.Name);
}
