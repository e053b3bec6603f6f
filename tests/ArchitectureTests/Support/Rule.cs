using System.Reflection;
using System.Runtime.CompilerServices;

namespace UserCqrs.ArchitectureTests.Support;

/// <summary>A condition that some types must meet. It must find its canaries in this assembly, and nothing else there.</summary>
internal sealed class Rule(Func<Type, bool> concerns, Func<Type, IEnumerable<string>> faultsOf)
{
    public void HoldsIn(params Assembly[] assemblies)
    {
        Assert.All(assemblies, assembly => Assert.NotEmpty(SubjectsIn(assembly)));
        var faults = assemblies.SelectMany(SubjectsIn)
            .SelectMany(type => faultsOf(type).Select(fault => $"{type}: {fault}")).ToList();
        Assert.True(faults.Count == 0, string.Join('\n', faults)); // Assert.Empty would truncate them
    }

    public void Catches(params Type[] canaries) =>
        Assert.Equal(
            canaries.Select(type => type.Name).Order(),
            SubjectsIn(Solution.Canaries).Where(type => faultsOf(type).Any()).Select(type => type.Name).Order());

    // Types that the compiler generates for lambdas and async methods are read with the type that contains them.
    private List<Type> SubjectsIn(Assembly assembly) =>
        [.. assembly.GetTypes().Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && concerns(type))];
}
