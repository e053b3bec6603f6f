using Microsoft.AspNetCore.Diagnostics;
using UserCqrs.Infrastructure;

namespace UserCqrs.Web.Problems;

/// <summary>The one place where an exception becomes an answer.</summary>
internal sealed partial class ExceptionHandler(ILogger<ExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
            return true; // nobody is there to be answered

        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new Problem(ProblemType.PayloadTooLarge),
            BadHttpRequestException => new Problem(ProblemType.MalformedRequest),
            _ when DatabaseFaults.IsUnavailable(exception) => new Problem(ProblemType.Unavailable),
            _ => new Problem(ProblemType.InternalError),
        };
        if (problem.Type == ProblemType.Unavailable)
            LogUnavailable(Problem.TraceIdOf(httpContext), exception.Message);
        else if (problem.Type == ProblemType.InternalError)
            LogInternalError(Problem.TraceIdOf(httpContext), exception);
        await problem.ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database cannot take request {TraceId}: {Reason}")]
    private partial void LogUnavailable(string traceId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {TraceId} failed")]
    private partial void LogInternalError(string traceId, Exception exception);
}
