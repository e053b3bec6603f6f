using MediatR;

namespace UserCqrs.Application.Common;

/// <summary>A command or query, which an endpoint sends through the mediator.</summary>
/// <typeparam name="TValue">The type of the value on success.</typeparam>
public interface IMessage<TValue> : IRequest<Result<TValue>>, IMessage;

/// <summary>See <see cref="IMessage{TValue}"/>.</summary>
public interface IMessage
{
    /// <summary>The errors of members that could not be read. They are reported with the errors of the other members.</summary>
    IReadOnlyList<InputError> Unreadable => [];
}

/// <summary>A message that changes something, in a transaction.</summary>
public interface ICommand<TValue> : IMessage<TValue>, ICommand;

/// <summary>See <see cref="ICommand{TValue}"/>.</summary>
public interface ICommand : IMessage
{
    /// <summary>How much the command writes, by which its transaction is chosen.</summary>
    Saves Saves => Saves.Once;
}

/// <summary>How much a command writes.</summary>
public enum Saves
{
    /// <summary>
    /// It saves at most once. A single save is a transaction by itself, which saves PostgreSQL two round trips.
    /// </summary>
    Once,

    /// <summary>It saves a few times.</summary>
    Several,

    /// <summary>
    /// It takes so long that no other command should wait for its commit, so it shares its transaction with none.
    /// </summary>
    Many,
}

/// <summary>A message that changes nothing: its handler reads through a read-only <see cref="QueryContext"/>.</summary>
public interface IQuery<TValue> : IMessage<TValue>, IQuery;

/// <summary>See <see cref="IQuery{TValue}"/>.</summary>
public interface IQuery : IMessage;

/// <summary>One use case that writes.</summary>
public interface ICommandHandler<TCommand, TValue> : IRequestHandler<TCommand, Result<TValue>>
    where TCommand : ICommand<TValue>;

/// <summary>One use case that reads.</summary>
public interface IQueryHandler<TQuery, TValue> : IRequestHandler<TQuery, Result<TValue>>
    where TQuery : IQuery<TValue>;

/// <summary>States why a command or query has no validator.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NothingToValidateAttribute(string because) : Attribute
{
    /// <summary>The reason.</summary>
    public string Because { get; } = because;
}
