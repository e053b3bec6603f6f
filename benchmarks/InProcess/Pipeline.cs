using BenchmarkDotNet.Attributes;
using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using UserCqrs.Application;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Infrastructure;

namespace UserCqrs.InProcess;

/// <summary>A query and a command through the whole pipeline, without HTTP: what they take in time and memory.</summary>
[MemoryDiagnoser]
public class Pipeline
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("users-");
    private ServiceProvider _services = null!;
    private long _created;

    /// <summary>Starts what the host would start, on a new file with one user.</summary>
    [GlobalSetup]
    public async Task StartAsync()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("DATABASE_URL", $"sqlite:///{_folder.FullName}/users.db")])
            .Build();
        _services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration)
            .AddScoped<ICurrentCaller, NoCaller>()
            .AddApplication().AddInfrastructure(configuration)
            .BuildServiceProvider();
        foreach (var service in _services.GetServices<IHostedService>())
            await service.StartAsync(CancellationToken.None);
        await CreateUserAsync();
    }

    /// <summary>Stops it and deletes the file.</summary>
    [GlobalCleanup]
    public async Task StopAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
            await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>The query.</summary>
    [Benchmark]
    public Task<Result<UserDto>> GetUserAsync() => SendAsync(new GetUser(1));

    /// <summary>The command. Alone as it is, it waits for a sync of the disk each time.</summary>
    [Benchmark]
    public Task<Result<UserDto>> CreateUserAsync() =>
        SendAsync(new CreateUser(new() { Name = "New User", Email = $"new-{++_created}@bench.example" }));

    private async Task<Result<UserDto>> SendAsync(IMessage<UserDto> message)
    {
        await using var scope = _services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(message);
        return result.Error is null ? result : throw new InvalidOperationException($"It was refused: {result.Error.Kind}.");
    }

    private sealed class NoCaller : ICurrentCaller
    {
        public string? Id => null;
    }
}
