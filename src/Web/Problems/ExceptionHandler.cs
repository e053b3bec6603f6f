using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using UserCqrs.Application.Common;
using UserCqrs.Infrastructure;

namespace UserCqrs.Web.Problems;

/// <summary>Converts every unhandled exception to a response.</summary>
internal sealed partial class ExceptionHandler(ILogger<ExceptionHandler> logger, TimeProvider clock) : IExceptionHandler
{
    private readonly FaultLog _unavailable = new(logger, clock, "The database cannot take requests");

    private const string OutcomeIsUnknown =
        "The database connection was lost during the commit, so the change may or may not have been stored. Read before you "
        + "try again.";

    /// <summary>The detail of a 503 if nothing was changed.</summary>
    public const string NothingWasChanged = "The database is unavailable. Nothing was changed.";

    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is ConnectionResetException || httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Abort(); // the client is gone, but Kestrel may not know it yet
            return true;
        }

        var type = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => ProblemType.PayloadTooLarge,
            BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => ProblemType.RequestTimeout,
            BadHttpRequestException => ProblemType.MalformedRequest,
            IOException { InnerException: OverflowException } => ProblemType.MalformedRequest, // Kestrel: chunk size overflow
            DatabaseUnavailableException => ProblemType.Unavailable,
            _ => ProblemType.InternalError,
        };
        var traceId = TraceIds.Of(httpContext);
        if (type == ProblemType.Unavailable)
            _unavailable.Occurred($"request {traceId}: {exception.Message}");
        else if (type == ProblemType.InternalError)
            LogInternalError(traceId, exception);
        var detail = exception is DatabaseUnavailableException { OutcomeIsUnknown: true } ? OutcomeIsUnknown
            : type == ProblemType.Unavailable ? NothingWasChanged
            : null;
        await new Problem(type, detail) { TraceId = traceId }.ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {TraceId} failed")]
    private partial void LogInternalError(string traceId, Exception exception);
}
