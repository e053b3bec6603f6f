using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace UserCqrs.Application.Common;

/// <summary>A query that EF Core compiles once for each model, so that one process can serve two databases.</summary>
internal sealed class CompiledQuery<TQuery>(Func<TQuery> compile) where TQuery : Delegate
{
    private readonly ConcurrentDictionary<IModel, TQuery> _queries = [];

    public TQuery For(DbContext db) =>
        _queries.TryGetValue(db.Model, out var query) ? query : _queries.GetOrAdd(db.Model, _ => compile());
}
