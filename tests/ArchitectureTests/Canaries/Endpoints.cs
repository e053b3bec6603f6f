using FastEndpoints;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;

namespace UserCqrs.ArchitectureTests.Canaries;

internal sealed class EndpointWithDatabaseInAsyncLambda(ReadContext db) : EndpointWithoutRequest
{
    public override async Task HandleAsync(CancellationToken ct)
    {
        var count = async () => await db.Users.CountAsync(ct);
        await Send.OkAsync(await count(), ct);
    }
}

internal sealed class EndpointWithDatabaseBehindHelper : EndpointWithoutRequest
{
    public override Task HandleAsync(CancellationToken ct) => Helper.CommitAsync(Resolve<WriteContext>());
}

internal static class Helper
{
    public static Task CommitAsync(WriteContext db) => db.TrySaveAsync(CancellationToken.None);
}

public class UnsealedEndpoint : EndpointWithoutRequest
{
    public override Task HandleAsync(CancellationToken ct) => Task.CompletedTask;
}

internal sealed class UnlistedEndpoint : EndpointWithoutRequest
{
    public override Task HandleAsync(CancellationToken ct) => Task.CompletedTask;
}

internal sealed class TwiceListedEndpoint : EndpointWithoutRequest
{
    public override Task HandleAsync(CancellationToken ct) => Task.CompletedTask;
}
