using System.Collections.Concurrent;
using System.Reflection;
using Mono.Cecil;

namespace UserCqrs.ArchitectureTests.Support;

/// <summary>What reflection does not show: the bodies of methods.</summary>
internal static class Il
{
    private static readonly ConcurrentDictionary<Assembly, ModuleDefinition> Modules = new();

    public static TypeDefinition Read(Type type) =>
        (TypeDefinition)Modules.GetOrAdd(type.Assembly, assembly => ModuleDefinition.ReadModule(assembly.Location))
            .LookupToken(type.MetadataToken);

    /// <summary>A type's methods and those of its nested types, where the bodies of lambdas and async methods are.</summary>
    public static IEnumerable<MethodDefinition> MethodsOf(Type type) => MethodsOf(Read(type));

    public static IEnumerable<MethodReference> Calls(this MethodDefinition method) =>
        !method.HasBody ? [] : method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>();

    public static string NameOf(MethodReference method) => $"{method.DeclaringType.GetElementType().FullName}.{method.Name}";

    private static IEnumerable<MethodDefinition> MethodsOf(TypeDefinition type) =>
        type.Methods.Concat(type.NestedTypes.SelectMany(MethodsOf));
}
