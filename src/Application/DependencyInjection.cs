using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using UserCqrs.Application.Changes;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users.Importing;

namespace UserCqrs.Application;

/// <summary>The use cases and the pipeline around them.</summary>
public static class DependencyInjection
{
    /// <summary>Adds the mediator, its pipeline, validators and handlers. Infrastructure and Web add the ports.</summary>
    public static IServiceCollection AddApplication(this IServiceCollection services)
    {
        services.AddTransient<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddTransient<IMediator, Mediator>();

        // The pipeline, from the outside in. Infrastructure adds its behaviors inside these.
        services.AddSingleton(typeof(IPipelineBehavior<,>), typeof(TelemetryBehavior<,>));
        services.AddSingleton(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(TransactionBehavior<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(IdempotencyBehavior<,>));

        services.AddSingleton<ChangeTail>();
        services.AddTransient<UserImporter>();
        services.AddSingleton<ImportLineCheck>();
        var assembly = typeof(DependencyInjection).Assembly;
        services.AddValidatorsFromAssembly(assembly, ServiceLifetime.Singleton, includeInternalTypes: true);
        foreach (var handler in assembly.GetTypes().Where(type => type is { IsAbstract: false, IsInterface: false }))
        {
            foreach (var contract in handler.GetInterfaces().Where(IsRequestHandler))
                services.AddTransient(contract, handler);
        }

        return services;
    }

    private static bool IsRequestHandler(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IRequestHandler<,>);
}
