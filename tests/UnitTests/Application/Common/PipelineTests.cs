using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using UserCqrs.Application;
using UserCqrs.Application.Attributes;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Infrastructure;
using static UserCqrs.UnitTests.TestUsers;

namespace UserCqrs.UnitTests.Application.Common;

/// <summary>The whole pipeline as the service composes it, with the ports in the test's hands.</summary>
public sealed class PipelineTests : IDisposable
{
    private readonly TestDatabase _database = new();
    private readonly IUnitOfWork _unitOfWork = Substitute.For<IUnitOfWork>();
    private readonly ICurrentCaller _caller = Substitute.For<ICurrentCaller>();
    private readonly SetClock _clock = new();
    private readonly ServiceProvider _services;

    public PipelineTests()
    {
        _services = new ServiceCollection()
            .AddLogging()
            .AddApplication().AddSingleton(AttributesSchema.None)
            .AddSingleton(_unitOfWork)
            .AddSingleton(_caller)
            .AddSingleton<TimeProvider>(_clock)
            .AddScoped<IIdempotencyKeys, IdempotencyKeys>()
            .AddScoped(_ => _database.CreateWriteContext())
            .AddScoped<ReadContext>(_ => _database.CreateReadContext())
            .AddSingleton<IReplica>(_database)
            .BuildServiceProvider(validateScopes: true);
        Executes<UserDto>();
        Executes<int>();

        void Executes<TValue>() =>
            _unitOfWork.ExecuteAsync(Arg.Any<Func<Task<Result<TValue>>>>(), Arg.Any<Saves>(), Arg.Any<CancellationToken>())
                .Returns(call => call.Arg<Func<Task<Result<TValue>>>>()());
    }

    public void Dispose()
    {
        _services.Dispose();
        _database.Dispose();
    }

    [Fact]
    public void Telemetry_sees_all_and_validation_comes_before_the_transaction() => Assert.Equal(
        [typeof(TelemetryBehavior<,>), typeof(ValidationBehavior<,>), typeof(TransactionBehavior<,>), typeof(IdempotencyBehavior<,>)],
        BehaviorsOf<CreateUser, UserDto>());

    [Fact]
    public void A_query_has_no_transaction() => Assert.Equal(
        [typeof(TelemetryBehavior<,>), typeof(ValidationBehavior<,>)], BehaviorsOf<GetUser, UserDto>());

    [Fact]
    public async Task A_command_runs_in_the_unit_of_work()
    {
        var result = await SendAsync(new CreateUser(Given("Ann", "ann@example.org")));
        Assert.Equal(1, result.Value.Id);
        await _unitOfWork.Received(1).ExecuteAsync(Arg.Any<Func<Task<Result<UserDto>>>>(), Arg.Any<Saves>(), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Invalid_input_opens_no_transaction_and_names_every_member()
    {
        var unreadable = new InputError("name", "name.type", "The name must be a string.");
        var result = await SendAsync(new CreateUser(Given(null, "ann@") with { Unreadable = [unreadable] }));
        Assert.Equal(ErrorKind.Invalid, result.Error!.Kind);
        Assert.Equal([("name", "name.type"), ("email", "email.invalid")],
            result.Error.Inputs.Select(input => (input.Member, input.Code)));
        Assert.Empty(_unitOfWork.ReceivedCalls());
    }

    [Fact]
    public async Task The_same_key_of_another_caller_is_another_key()
    {
        _caller.Id.Returns("key:aaaaaaaa");
        var first = await CreateAsync("ann@example.org", "key");
        _caller.Id.Returns("key:bbbbbbbb");

        var other = await CreateAsync("bob@example.org", "key");

        Assert.Equal((1, 2), (first.Value.Id, other.Value.Id));
        Assert.Equal(ErrorKind.IdempotencyKeyReused, (await CreateAsync("ann@example.org", "key")).Error!.Kind);
    }

    [Fact]
    public async Task A_key_is_free_again_after_24_hours_and_is_then_forgotten()
    {
        await CreateAsync("ann@example.org", "key");
        _clock.Now += TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1);
        Assert.True((await CreateAsync("ann@example.org", "key")).IsReplayed);
        Assert.Equal(0, await ForgetAsync());
        _clock.Now += TimeSpan.FromSeconds(1);

        Assert.Equal(2, (await CreateAsync("bob@example.org", "key")).Value.Id);
        Assert.True((await CreateAsync("bob@example.org", "key")).IsReplayed);

        await CreateAsync("cid@example.org", "other");
        _clock.Now += TimeSpan.FromHours(24);
        Assert.Equal(1, await ForgetAsync());
        Assert.Equal(1, await ForgetAsync());
        Assert.Equal(0, await ForgetAsync());
    }

    [Fact]
    public async Task A_command_without_a_key_remembers_nothing()
    {
        await SendAsync(new CreateUser(Given("Ann", "ann@example.org")));

        await _unitOfWork.Received(1).ExecuteAsync(Arg.Any<Func<Task<Result<UserDto>>>>(), Saves.Once, Arg.Any<CancellationToken>());
        await CreateAsync("bob@example.org", "key");
        await _unitOfWork.Received(1).ExecuteAsync(Arg.Any<Func<Task<Result<UserDto>>>>(), Saves.Several, Arg.Any<CancellationToken>());
        _clock.Now += TimeSpan.FromHours(25);
        Assert.Equal(1, await ForgetAsync());
    }

    [Fact]
    public async Task A_query_writes_nothing()
    {
        await using var db = _database.CreateReadContext();
        Assert.Throws<InvalidOperationException>(() => db.SaveChanges());
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken));
    }

    private async Task<Result<TValue>> SendAsync<TValue>(IMessage<TValue> message)
    {
        await using var scope = _services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(message, TestContext.Current.CancellationToken);
    }

    private Task<Result<UserDto>> CreateAsync(string email, string key) =>
        SendAsync(new CreateUser(Given("Ann", email)) { Idempotency = new(key, email) });

    private async Task<int> ForgetAsync() => (await SendAsync(new ForgetIdempotencyKeys(Count: 1))).Value;

    private IEnumerable<Type> BehaviorsOf<TMessage, TValue>() where TMessage : IMessage<TValue>
    {
        using var scope = _services.CreateScope();
        return [.. scope.ServiceProvider.GetServices<IPipelineBehavior<TMessage, Result<TValue>>>()
            .Select(behavior => behavior.GetType())
            .Select(type => type.IsGenericType ? type.GetGenericTypeDefinition() : type)];
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = TestDatabase.Noon;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
