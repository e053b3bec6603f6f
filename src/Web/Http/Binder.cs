using FastEndpoints;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>A command or query that a request was bound to, or the problem that is the response in its place.</summary>
internal readonly record struct Bound<TRequest>(TRequest? Request, Problem? Refusal)
{
    public static implicit operator Bound<TRequest>(TRequest request) => new(request, null);

    public static implicit operator Bound<TRequest>(Problem refusal) => new(default, refusal);
}

/// <summary>Binds a request by a function. If that refuses it, the problem is sent and FastEndpoints skips the handler.</summary>
internal sealed class Binder<TRequest>(Func<HttpRequest, CancellationToken, ValueTask<Bound<TRequest>>> bind)
    : IRequestBinder<TRequest> where TRequest : class
{
    public Binder(Func<HttpRequest, Bound<TRequest>> bind) : this((request, _) => new(bind(request)))
    {
    }

    public async ValueTask<TRequest> BindAsync(BinderContext ctx, CancellationToken ct)
    {
        var (request, refusal) = await bind(ctx.HttpContext.Request, ct);
        if (refusal is not null)
        {
            ctx.HttpContext.MarkResponseStart();
            await refusal.ExecuteAsync(ctx.HttpContext);
        }

        return request!;
    }
}

/// <summary>See <see cref="Binder{TRequest}"/>.</summary>
internal static class Binder
{
    /// <summary>
    /// For endpoints without a request. FastEndpoints would ask for its own binder at the first request, and ask the container of
    /// the host that started last, which need not be running any more.
    /// </summary>
    public static readonly Binder<EmptyRequest> Nothing = new(static _ => default);
}
