using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using UserCqrs.Infrastructure;

namespace UserCqrs.Web.Hosting;

/// <summary>Says, once the service listens, what an operator wants to know first: one event in the log.</summary>
internal sealed partial class StartReport(IServer server, DatabaseReport database, ILogger<StartReport> logger) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var version = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3);
        var addresses = string.Join(' ', server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);
        var location = database.Location;
        LogStarted(version, addresses, location, database.IsNew ? " It is new." : "");
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "UserCqrs {Version} serves {Addresses}; users are in {Database}.{New} "
        + "An interactive page is at /docs there.")]
    private partial void LogStarted(string version, string addresses, string database, string @new);
}
