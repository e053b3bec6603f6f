namespace UserCqrs.Application.Common;

/// <summary>The port through which commands learn who sends them.</summary>
public interface ICurrentCaller
{
    /// <summary>
    /// Such as <c>key:i8k9mT4G</c> or <c>jwt:</c> and the subject; <c>null</c> when no credential identifies the caller, and for
    /// the service's own work.
    /// </summary>
    string? Id { get; }
}
