using FastEndpoints;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>The command or query to which a request was bound, or the problem to send instead.</summary>
internal readonly record struct Bound<TRequest>(TRequest? Request, Problem? Error)
{
    public static implicit operator Bound<TRequest>(TRequest request) => new(request, null);

    public static implicit operator Bound<TRequest>(Problem error) => new(default, error);
}

/// <summary>Binds a request by a function. If that returns a problem, it is sent and FastEndpoints skips the handler.</summary>
internal sealed class Binder<TRequest>(Func<HttpRequest, CancellationToken, ValueTask<Bound<TRequest>>> bind)
    : IRequestBinder<TRequest> where TRequest : class
{
    public Binder(Func<HttpRequest, Bound<TRequest>> bind) : this((request, _) => new(bind(request)))
    {
    }

    private static Bound<TRequest> NotUtf8 =>
        new Problem(ProblemType.InvalidParameter, "The query string must be percent-encoded UTF-8.");

    public async ValueTask<TRequest> BindAsync(BinderContext ctx, CancellationToken ct)
    {
        var (request, error) = ctx.HttpContext.Request.QueryString.IsUtf8() || !ApiSurface.Of(ctx.HttpContext).IsStrict
            ? await bind(ctx.HttpContext.Request, ct)
            : NotUtf8;
        if (error is not null)
        {
            ctx.HttpContext.MarkResponseStart();
            await error.ExecuteAsync(ctx.HttpContext);
        }

        return request!;
    }
}

/// <summary>See <see cref="Binder{TRequest}"/>.</summary>
internal static class Binder
{
    /// <summary>
    /// The binder of endpoints without a request. FastEndpoints would resolve its own binder at the first request, from the
    /// container of the host that started last, which may have stopped.
    /// </summary>
    public static readonly Binder<EmptyRequest> Nothing = new(static _ => default);
}
