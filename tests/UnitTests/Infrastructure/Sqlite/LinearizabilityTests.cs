using System.Diagnostics;
using System.Globalization;
using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NSubstitute;
using UserCqrs.Application;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Infrastructure;
using static UserCqrs.UnitTests.TestUsers;

namespace UserCqrs.UnitTests.Infrastructure.Sqlite;

/// <summary>
/// Readers and writers of few users at once, by the real pipeline on a real file. A user's version only grows, so a history
/// is linearizable if no operation returns a version older than one that was returned before it began. Each writer writes 20
/// times; the environment variable LINEARIZABILITY_WRITES asks for more.
/// </summary>
public sealed class LinearizabilityTests
{
    private const int Users = 3;
    private const int Writers = 4;
    private const int Readers = 4;

    private static readonly int WritesEach =
        int.Parse(Environment.GetEnvironmentVariable("LINEARIZABILITY_WRITES") ?? "20", CultureInfo.InvariantCulture);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task No_read_is_older_than_what_was_answered_before_it(int cacheMegabytes)
    {
        var folder = Directory.CreateTempSubdirectory("usercqrs-");
        await using var services = Compose(Path.Combine(folder.FullName, "users.db"), cacheMegabytes);
        var hosted = services.GetServices<IHostedService>().ToList();
        foreach (var service in hosted)
            await service.StartAsync(Cancellation);
        for (var i = 1; i <= Users; i++)
            await SendAsync(services, new CreateUser(Given("Ann", $"{i}@example.org")));

        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(services, writer))));
        var reading = Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(services, writing))));
        var history = (await writing).Concat(await reading).SelectMany(operations => operations).ToList();
        foreach (var service in hosted)
            await service.StopAsync(Cancellation);

        Assert.Equal(Writers * WritesEach, history.Count(operation => operation.IsWrite));
        Assert.True(history.Count(operation => !operation.IsWrite) > Writers * WritesEach);
        Assert.Empty(Stale(history));

        await services.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void A_stale_read_would_be_noticed()
    {
        Operation write = new(1, Version: 2, Start: 10, End: 20, IsWrite: true);

        Assert.Empty(Stale([write, new(1, Version: 1, Start: 15, End: 30, IsWrite: false)]));
        Assert.Empty(Stale([write, new(2, Version: 1, Start: 21, End: 30, IsWrite: false)]));

        Operation stale = new(1, Version: 1, Start: 21, End: 30, IsWrite: false);

        Assert.Equal([stale], Stale([write, stale]));

        Operation first = new(1, Version: 2, Start: 11, End: 12, IsWrite: false);
        Operation second = new(1, Version: 1, Start: 13, End: 14, IsWrite: false);

        Assert.Equal([second], Stale([write, first, second]));
    }

    private static List<Operation> Stale(IEnumerable<Operation> history)
    {
        var stale = new List<Operation>();
        foreach (var operations in history.GroupBy(operation => operation.Id))
        {
            var ended = new PriorityQueue<long, long>(operations.Select(operation => (operation.Version, operation.End)));
            var newestEnded = 0L;
            foreach (var operation in operations.OrderBy(operation => operation.Start))
            {
                while (ended.TryPeek(out var version, out var end) && end < operation.Start)
                {
                    newestEnded = Math.Max(newestEnded, version);
                    ended.Dequeue();
                }

                if (operation.Version < newestEnded)
                    stale.Add(operation);
            }
        }

        return stale;
    }

    private static async Task<List<Operation>> WriteAsync(IServiceProvider services, int writer)
    {
        var operations = new List<Operation>();
        for (var i = 0; i < WritesEach; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var user = (await SendAsync(services, new PatchUser(i % Users + 1, Given($"{writer} {i}", null), Precondition.None))).Value;
            operations.Add(new(user.Id, user.Version, start, Stopwatch.GetTimestamp(), IsWrite: true));
        }

        return operations;
    }

    private static async Task<List<Operation>> ReadAsync(IServiceProvider services, Task writing)
    {
        var operations = new List<Operation>();
        for (var i = 0; !writing.IsCompleted; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var user = (await SendAsync(services, new GetUser(i % Users + 1))).Value;
            operations.Add(new(user.Id, user.Version, start, Stopwatch.GetTimestamp(), IsWrite: false));
        }

        return operations;
    }

    private static async Task<Result<TValue>> SendAsync<TValue>(IServiceProvider services, IMessage<TValue> message)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(message, Cancellation);
    }

    private static ServiceProvider Compose(string path, int cacheMegabytes)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = $"sqlite:///{path}",
            ["Database:CacheMegabytes"] = $"{cacheMegabytes}",
        }).Build();
        return new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(settings)
            .AddSingleton(Substitute.For<ICurrentCaller>())
            .AddApplication().AddInfrastructure(settings).BuildServiceProvider(validateScopes: true);
    }

    private sealed record Operation(long Id, long Version, long Start, long End, bool IsWrite);
}
