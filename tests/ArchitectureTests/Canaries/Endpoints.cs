using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using UserCqrs.Application.Common;
using UserCqrs.Web;

namespace UserCqrs.ArchitectureTests.Canaries;

internal sealed class EndpointWithDatabaseInAsyncLambda : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/", async (HttpContext context) =>
        await context.RequestServices.GetRequiredService<ReadContext>().Users.CountAsync(context.RequestAborted));
}

internal sealed class EndpointWithDatabaseBehindHelper : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/", Helper.CommitAsync);
}

internal static class Helper
{
    public static Task CommitAsync(HttpContext context) =>
        context.RequestServices.GetRequiredService<WriteContext>().TrySaveAsync(context.RequestAborted);
}

internal sealed class UnmappedEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/", () => "");
}

internal sealed class TwiceMappedEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/", () => "");
}

public class UnsealedEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/", () => "");
}
