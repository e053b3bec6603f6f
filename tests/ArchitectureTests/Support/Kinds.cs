using System.Reflection;

using FluentValidation;
using MediatR;
using UserCqrs.Application.Common;

namespace UserCqrs.ArchitectureTests.Support;

/// <summary>The roles of the types of the solution.</summary>
internal static class Kinds
{
    public static bool IsMessage(this Type type) => type.IsConcrete() && type.IsAssignableTo(typeof(IMessage));

    public static bool IsCommand(this Type type) => type.ImplementationsOf(typeof(ICommand<>)).Any();

    public static bool IsQuery(this Type type) => type.ImplementationsOf(typeof(IQuery<>)).Any();

    public static bool IsHandler(this Type type) => type.HandledMessages().Any();

    public static bool IsCommandHandler(this Type type) => type.HandledMessages().Any(IsCommand);

    public static bool IsQueryHandler(this Type type) => type.HandledMessages().Any(IsQuery);

    public static bool IsValidator(this Type type) => type.IsConcrete() && type.IsAssignableTo(typeof(IValidator));

    public static bool IsBehavior(this Type type) => type.ImplementationsOf(typeof(IPipelineBehavior<,>)).Any();

    public static bool IsEndpoint(this Type type) => type.IsConcrete() && type.IsAssignableTo(typeof(FastEndpoints.BaseEndpoint));

    // The compiler adds this member to records, both classes and structs.
    public static bool IsRecord(this Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null;

    // A type that implements MediatR's own interface is registered too.
    public static IEnumerable<Type> HandledMessages(this Type type) =>
        type.ImplementationsOf(typeof(IRequestHandler<,>)).Select(contract => contract.GenericTypeArguments[0]);

    public static IEnumerable<Type> ImplementationsOf(this Type type, Type contract) => !type.IsConcrete() ? [] :
        type.GetInterfaces().Where(other => other.IsGenericType && other.GetGenericTypeDefinition() == contract);

    public static bool IsConcrete(this Type type) => type is { IsAbstract: false, IsInterface: false };
}
