using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;

namespace UserCqrs.Application.Users;

/// <summary>The most frequent queries, compiled once: by a unique member, and pages in id order.</summary>
internal static class CompiledUsers
{
    public static readonly CompiledQuery<Func<ReadContext, long, CancellationToken, Task<UserDto?>>> ById = new(() =>
        EF.CompileAsyncQuery((ReadContext db, long id, CancellationToken _) =>
            db.Users.Where(user => user.Id == id).Select(UserDtoMapping.Projection).FirstOrDefault()));

    public static readonly CompiledQuery<Func<ReadContext, string, CancellationToken, Task<UserDto?>>> ByExternalId = new(() =>
        EF.CompileAsyncQuery((ReadContext db, string externalId, CancellationToken _) =>
            db.Users.Where(user => user.ExternalId == externalId).Select(UserDtoMapping.Projection).FirstOrDefault()));

    public static readonly CompiledQuery<Func<ReplicaContext, string, IAsyncEnumerable<UserDto>>> ByEmailKey = new(() =>
        EF.CompileAsyncQuery((ReplicaContext db, string key) =>
            db.Users.Where(user => user.EmailKey == key).Select(UserDtoMapping.Projection)));

    public static readonly CompiledQuery<Func<ReplicaContext, List<long>, IAsyncEnumerable<UserDto>>> ByIds = new(() =>
        EF.CompileAsyncQuery((ReplicaContext db, List<long> ids) =>
            db.Users.Where(user => ids.Contains(user.Id)).Select(UserDtoMapping.Projection)));

    public static readonly CompiledQuery<Func<ReplicaContext, long, int, IAsyncEnumerable<UserDto>>> AfterId = new(() =>
        EF.CompileAsyncQuery((ReplicaContext db, long id, int count) =>
            db.Users.Where(user => user.Id > id).OrderBy(user => user.Id).Take(count).Select(UserDtoMapping.Projection)));
}
