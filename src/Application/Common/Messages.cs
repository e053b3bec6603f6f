using MediatR;

namespace UserCqrs.Application.Common;

/// <summary>What an endpoint sends through the mediator.</summary>
/// <typeparam name="TValue">What it gets when nothing stands against it.</typeparam>
public interface IMessage<TValue> : IRequest<Result<TValue>>, IMessage;

/// <summary>See <see cref="IMessage{TValue}"/>.</summary>
public interface IMessage
{
    /// <summary>Members that could not be read, to be reported together with the rules that the others break.</summary>
    IReadOnlyList<InputError> Unreadable => [];
}

/// <summary>Changes something, inside a transaction.</summary>
public interface ICommand<TValue> : IMessage<TValue>, ICommand;

/// <summary>See <see cref="ICommand{TValue}"/>.</summary>
public interface ICommand : IMessage;

/// <summary>Changes nothing, and has no means to.</summary>
public interface IQuery<TValue> : IMessage<TValue>;

/// <summary>One use case that writes.</summary>
public interface ICommandHandler<TCommand, TValue> : IRequestHandler<TCommand, Result<TValue>>
    where TCommand : ICommand<TValue>;

/// <summary>One use case that reads.</summary>
public interface IQueryHandler<TQuery, TValue> : IRequestHandler<TQuery, Result<TValue>>
    where TQuery : IQuery<TValue>;

/// <summary>Says why a command or query has no validator.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NothingToValidateAttribute(string because) : Attribute
{
    /// <summary>The reason.</summary>
    public string Because { get; } = because;
}
