using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using UserCqrs.Application.Users;
using UserCqrs.Infrastructure;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.Hosting;

/// <summary>Logs the most important facts for an operator when the service listens: one event of a few lines.</summary>
internal sealed partial class StartReport(
    IServer server, DatabaseReport database, Admission admission, IndexedAttributes indexed, IConfiguration configuration,
    ILogger<StartReport> logger)
    : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var (callers, isSurprising) = await admission.DescribeAsync(cancellationToken);
        var all = string.Join(' ', addresses);
        var location = database.Location;
        var schema = AttributesSchemaFile.PathIn(configuration) ?? "none, so attributes may be any object";
        var filters = indexed.Paths.Count == 0
            ? "no attributes" : string.Join(", ", indexed.Paths.Select(path => $"attributes.{path}"));
        var docs = $"{addresses.FirstOrDefault()}/docs";
        LogStarted(
            isSurprising ? LogLevel.Warning : LogLevel.Information, Service.Version, all, location,
            database.IsNew ? "new" : "existing", schema, filters, callers, docs);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Message = "UserCqrs {Version} serves {Addresses}\n"
        + "  users:   {Database} ({State})\n"
        + "  schema:  {Schema}\n"
        + "  filters: {Filters}\n"
        + "  callers: {Callers}\n"
        + "  docs:    {Docs}")]
    private partial void LogStarted(
        LogLevel level, string version, string addresses, string database, string state, string schema, string filters,
        string callers, string docs);
}
