using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using MediatR;
using Microsoft.AspNetCore.Http.Features;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users.Importing;
using UserCqrs.Web.Endpoints;
using UserCqrs.Web.Endpoints.V1;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http.Bulk;

/// <summary>Imports the users of a body, which is read as it comes, in constant memory.</summary>
internal sealed partial class UserImport(IMediator mediator, ImportLineCheck rules, ILogger<UserImport> logger)
{
    /// <summary>The maximum size of an atomic import, which is kept in a file until all of it has arrived.</summary>
    private const long MaxAtomic = 256L * 1024 * 1024;

    /// <summary>How long lines wait for more lines to share their transaction.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(100);

    /// <summary>Imports each line for itself, and reports it as soon as it is stored.</summary>
    public async Task ImportEachAsync(ImportRequest request, HttpContext context, CancellationToken cancellationToken)
    {
        AllowAnySize(context);
        SpooledResponse? response = null;
        try
        {
            var totals = await ImportAsync(
                context.Request.Body, request.Lines, request.Options,
                line => Response().Write(ToResponse(line), ApiJson.Default.ImportedLineResponse), () => Response().FlushAsync(),
                cancellationToken);
            Response().Write(Responses.ToTotals(totals), ApiJson.Default.ImportTotalsResponse);
            await Response().CompleteAsync();
        }
        catch (UnreadableImportException e) when (response is null)
        {
            await Invalid([e.Error]).ExecuteAsync(context);
        }
        catch (DatabaseUnavailableException e) when (response is not null)
        {
            LogEnded(TraceIds.Of(context), e.Message);
            response.Write(EndedBy(e, context), ApiJson.Default.ProblemResponse);
            await response.CompleteAsync();
        }
        catch (BadHttpRequestException) when (response is not null)
        {
            // The caller is too slow, or its body is malformed. The response has begun, so only the connection can be ended.
        }
        finally
        {
            if (response is not null)
                await response.DisposeAsync();
        }

        SpooledResponse Response() => response ??= new(context, UserLines.Ndjson.Body.MediaType);
    }

    /// <summary>
    /// Imports each line for itself. While a transaction runs, the next lines are read and checked. A cancellation ends the
    /// import between two transactions.
    /// </summary>
    /// <param name="stream">The lines.</param>
    /// <param name="format">Their format.</param>
    /// <param name="options">How they are imported.</param>
    /// <param name="report">Receives what became of each line.</param>
    /// <param name="flush">Called after the lines of each transaction were reported.</param>
    /// <param name="cancellationToken">Ends the import.</param>
    /// <exception cref="UnreadableImportException">
    /// Nothing could be read. What ends an import later is reported as a line.
    /// </exception>
    /// <exception cref="DatabaseUnavailableException">The lines that were not reported were not imported.</exception>
    public async Task<ImportTotals> ImportAsync(
        Stream stream, UserLines format, ImportOptions options, Action<ImportedLine> report, Func<Task> flush,
        CancellationToken cancellationToken)
    {
        var totals = new ImportTotals();
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var lines = CheckedAsync(stream, format, options, reading.Token);
        await using var chunks = ChunksAsync(lines, reading.Token).GetAsyncEnumerator(reading.Token);
        var hasNext = await chunks.MoveNextAsync();
        while (hasNext)
        {
            var sent = mediator.Send(new ImportUsers(chunks.Current, options), cancellationToken);
            var next = chunks.MoveNextAsync().AsTask();
            try
            {
                foreach (var line in (await sent).Value)
                    Report(line);
                await flush();
            }
            catch
            {
                await reading.CancelAsync();
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }

            try
            {
                hasNext = await next;
            }
            catch (UnreadableImportException e)
            {
                hasNext = false;
                Report(new(e.Error.Line ?? totals.Lines + 1, ImportOutcome.Invalid, null, [e.Error]));
            }
        }

        return totals;

        void Report(ImportedLine line)
        {
            totals = totals.With(line.Outcome);
            report(line);
        }
    }

    /// <summary>
    /// Imports all lines or none. The body is kept in a file first, so that the transaction does not wait for the network.
    /// </summary>
    public async Task ImportAllAsync(ImportRequest request, HttpContext context, CancellationToken cancellationToken)
    {
        AllowAnySize(context);
        using var file = TemporaryFile.Create();
        using var fingerprint = IdempotencyHeader.FingerprintOf(context.Request);
        if (!await KeepAsync(context.Request.Body, file, fingerprint, cancellationToken))
        {
            await new Problem(
                ProblemType.PayloadTooLarge, $"An atomic import may have {MaxAtomic / 1024 / 1024} MiB. Use mode=each.")
                .ExecuteAsync(context);
            return;
        }

        if (await ErrorsOfAsync(new StagedLines(this, request, file), cancellationToken) is { Count: > 0 } errors)
        {
            await Invalid(errors).ExecuteAsync(context);
            return;
        }

        var key = request.Key is null ? null
            : new IdempotencyKey(request.Key, Convert.ToHexStringLower(fingerprint.GetHashAndReset()));
        var result = await mediator.Send(
            new ImportAllUsers(new StagedLines(this, request, file), request.Options) { Idempotency = key },
            cancellationToken);
        IdempotencyHeader.Mark(context.Response, result.IsReplayed);
        await result.Match(
            totals => JsonResponse.WriteAsync(context, 200, Responses.ToTotals(totals), ApiJson.Default.ImportTotalsResponse),
            error => (error.Kind == ErrorKind.Invalid ? Invalid(error.Inputs) : Problem.From(error)).ExecuteAsync(context));
    }

    // Kestrel still demands a minimum rate of the body.
    private static void AllowAnySize(HttpContext context) =>
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;

    private static Problem Invalid(IReadOnlyList<InputError> errors) =>
        new(ProblemType.InvalidImport, "Nothing was imported.") { Errors = errors };

    private static ProblemResponse EndedBy(DatabaseUnavailableException e, HttpContext context) =>
        new Problem(ProblemType.Unavailable, "The database is unavailable. The lines reported so far are done. "
            + (e.OutcomeIsUnknown ? "Those after them may or may not be." : "Those after them are not."))
            .ToResponse(context.Request.Path, TraceIds.Of(context));

    public static ImportedLineResponse ToResponse(ImportedLine line) => new(
        line.Number, JsonNamingPolicy.CamelCase.ConvertName($"{line.Outcome}"), line.UserId,
        line.Errors.Count == 0 ? null : [.. line.Errors.Select(ProblemError.InBody)]);

    private static async Task<bool> KeepAsync(
        Stream body, FileStream file, IncrementalHash fingerprint, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var length)
        {
            if (file.Length + length > MaxAtomic)
                return false;
            fingerprint.AppendData(buffer.AsSpan(0, length));
            await WriteAsync(file.WriteAsync(buffer.AsMemory(0, length), cancellationToken));
        }

        await WriteAsync(new(file.FlushAsync(cancellationToken)));
        return true;

        static async ValueTask WriteAsync(ValueTask writing)
        {
            try
            {
                await writing;
            }
            catch (Exception e) when (e is IOException or ArgumentOutOfRangeException) // the latter beyond a limit of the system
            {
                throw new DatabaseUnavailableException($"The body cannot be kept in a temporary file: {e.Message}", e);
            }
        }
    }

    private static async Task<List<InputError>> ErrorsOfAsync(StagedLines lines, CancellationToken cancellationToken)
    {
        var errors = new List<InputError>();
        var count = 0;
        try
        {
            await foreach (var line in lines.WithCancellation(cancellationToken))
            {
                if (++count > ImportAllUsers.MaxLines)
                    return [new(null, "import.tooManyLines", string.Create(CultureInfo.InvariantCulture,
                        $"An atomic import may have {ImportAllUsers.MaxLines:N0} lines. Use mode=each."))];
                errors.AddRange(line.Errors.Take(ImportAllUsers.MaxErrors - errors.Count)
                    .Select(error => error with { Line = line.Number }));
            }
        }
        catch (UnreadableImportException e)
        {
            errors.Add(e.Error);
        }

        return [.. errors.Take(ImportAllUsers.MaxErrors)];
    }

    private IAsyncEnumerable<ImportLine> CheckedAsync(
        Stream stream, UserLines format, ImportOptions options, CancellationToken cancellationToken) =>
        format.ReadAsync(stream, cancellationToken).Select(line => line.Check(rules, options));

    // Chunks are full, or end when no further line arrives for a moment, so that a slow caller sees what was done.
    private static async IAsyncEnumerable<List<ImportLine>> ChunksAsync(
        IAsyncEnumerable<ImportLine> lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var line = lines.GetAsyncEnumerator(cancellationToken);
        var next = line.MoveNextAsync().AsTask();
        while (await next)
        {
            List<ImportLine> chunk = [line.Current];
            var linger = Task.Delay(Linger, cancellationToken);
            next = line.MoveNextAsync().AsTask();
            while (chunk.Count < ImportUsers.MaxLines && await Task.WhenAny(next, linger) == next
                && !next.IsFaulted // what was read before is imported first
                && await next)
            {
                chunk.Add(line.Current);
                next = line.MoveNextAsync().AsTask();
            }

            yield return chunk;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The import of request {TraceId} ended early: {Reason}")]
    private partial void LogEnded(string traceId, string reason);

    /// <summary>The lines of a body that is kept in a file. Each enumeration reads it from the start.</summary>
    private sealed class StagedLines(UserImport import, ImportRequest request, FileStream file) : IAsyncEnumerable<ImportLine>
    {
        public async IAsyncEnumerator<ImportLine> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            file.Position = 0;
            await foreach (var line in import.CheckedAsync(file, request.Lines, request.Options, cancellationToken))
                yield return line;
        }
    }
}
