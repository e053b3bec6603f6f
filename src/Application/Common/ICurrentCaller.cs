namespace UserCqrs.Application.Common;

/// <summary>The port that identifies the caller of a command.</summary>
public interface ICurrentCaller
{
    /// <summary>
    /// <c>key:</c> and the key's id, such as <c>key:i8k9mT4G</c>, or <c>jwt:</c> and the subject. <c>null</c> if no credential
    /// identifies the caller, and for the service's own work.
    /// </summary>
    string? Id { get; }
}
