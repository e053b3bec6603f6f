using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using UserCqrs.Application.Common;

namespace UserCqrs.Application;

/// <summary>The use cases and the pipeline around them.</summary>
public static class DependencyInjection
{
    /// <summary>The pipeline, from the outside in.</summary>
    internal static readonly IReadOnlyList<Type> Behaviors =
        [typeof(TelemetryBehavior<,>), typeof(ValidationBehavior<,>), typeof(TransactionBehavior<,>)];

    /// <summary>Adds mediator, pipeline, validators and handlers. The ports are Infrastructure's to add.</summary>
    public static IServiceCollection AddApplication(this IServiceCollection services)
    {
        services.AddScoped<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddScoped<IMediator, Mediator>();
        foreach (var behavior in Behaviors)
            services.AddScoped(typeof(IPipelineBehavior<,>), behavior);

        var assembly = typeof(DependencyInjection).Assembly;
        foreach (var validator in AssemblyScanner.FindValidatorsInAssembly(assembly, includeInternalTypes: true))
            services.AddSingleton(validator.InterfaceType, validator.ValidatorType);
        foreach (var handler in assembly.GetTypes().Where(type => type is { IsAbstract: false, IsInterface: false }))
        {
            foreach (var contract in handler.GetInterfaces().Where(IsRequestHandler))
                services.AddScoped(contract, handler);
        }

        return services;
    }

    private static bool IsRequestHandler(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IRequestHandler<,>);
}
