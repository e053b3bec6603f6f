using Mono.Cecil;
using UserCqrs.Application.Common;

namespace UserCqrs.ArchitectureTests.Support;

/// <summary>
/// The names of all types and methods that a type mentions in a signature, a field or the body of a method, either
/// directly or through other types of its assembly.
/// </summary>
internal static class Reach
{
    public static IReadOnlySet<string> Of(Type start)
    {
        var names = new HashSet<string>();
        var seen = new HashSet<TypeDefinition> { Il.Read(start) };
        var open = new Queue<TypeDefinition>(seen);
        while (open.TryDequeue(out var type))
        {
            names.UnionWith(type.Methods.SelectMany(Il.Calls).Select(Il.NameOf));
            foreach (var mentioned in Mentions(type).SelectMany(Parts))
            {
                names.Add(mentioned.FullName);
                if (mentioned is TypeDefinition neighbour && !KeepsToItself(neighbour) && seen.Add(neighbour))
                    open.Enqueue(neighbour);
            }
        }

        return names;
    }

    // It mentions SaveChanges to forbid it, and a DbSet to hide it.
    private static bool KeepsToItself(TypeDefinition type) => type.FullName == typeof(QueryContext).FullName;

    private static IEnumerable<TypeReference?> Mentions(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.NestedTypes,
        .. type.Interfaces.Select(implementation => implementation.InterfaceType),
        .. type.GenericParameters.SelectMany(Constraints),
        .. type.Fields.Select(field => field.FieldType),
        .. type.Methods.SelectMany(Mentions),
    ];

    private static IEnumerable<TypeReference?> Mentions(MethodDefinition method) =>
    [
        .. Signature(method),
        .. method.GenericParameters.SelectMany(Constraints),
        .. method.HasBody ? Mentions(method.Body) : [],
    ];

    private static IEnumerable<TypeReference?> Mentions(Mono.Cecil.Cil.MethodBody body) =>
    [
        .. body.Variables.Select(variable => variable.VariableType),
        .. body.ExceptionHandlers.Select(handler => handler.CatchType),
        .. body.Instructions.SelectMany(instruction => instruction.Operand switch
        {
            TypeReference type => [type],
            FieldReference field => [field.DeclaringType, field.FieldType],
            GenericInstanceMethod method => [.. Signature(method.ElementMethod), .. method.GenericArguments],
            MethodReference method => Signature(method),
            _ => Enumerable.Empty<TypeReference>(),
        }),
    ];

    private static IEnumerable<TypeReference> Signature(MethodReference method) =>
        [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType)];

    private static IEnumerable<TypeReference> Constraints(GenericParameter parameter) =>
        parameter.Constraints.Select(constraint => constraint.ConstraintType);

    // List<User[]> is a List<>, a User and nothing else.
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
        TypeSpecification made => Parts(made.ElementType),
        _ => [type],
    };
}
