using System.Globalization;
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

    public ValueTask<TRequest> BindAsync(BinderContext ctx, CancellationToken ct)
    {
        var bound = bind(ctx.HttpContext.Request, ct);
        return bound is { IsCompletedSuccessfully: true, Result: { Refusal: null } result } ? new(result.Request!)
            : RefuseAsync(ctx.HttpContext, bound);
    }

    private static async ValueTask<TRequest> RefuseAsync(HttpContext context, ValueTask<Bound<TRequest>> bound)
    {
        var (request, refusal) = await bound;
        if (refusal is not null)
        {
            context.MarkResponseStart();
            await refusal.ExecuteAsync(context);
        }

        return request!;
    }
}

/// <summary>What routes hold.</summary>
internal static class RouteParameters
{
    /// <summary>The <c>{id:long}</c> of the route, by which it was matched.</summary>
    public static long RouteId(this HttpRequest request) =>
        long.Parse((string)request.RouteValues["id"]!, NumberStyles.Integer, CultureInfo.InvariantCulture);
}
