using Microsoft.Extensions.Logging;

namespace UserCqrs.Infrastructure;

/// <summary>Logs the progress of the long steps of a start: making users searchable, and making indexes.</summary>
internal sealed partial class MigrationLog(ILogger<MigrationLog> logger)
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Step}")]
    public partial void Report(string step);
}
