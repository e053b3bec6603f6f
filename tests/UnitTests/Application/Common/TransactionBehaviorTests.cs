using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;

namespace UserCqrs.UnitTests.Application.Common;

public sealed class TransactionBehaviorTests
{
    [Fact]
    public async Task What_a_command_logs_has_its_caller_in_the_scope_wherever_the_work_runs()
    {
        var scopes = new ScopeReader();
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(scopes));
        var caller = Substitute.For<ICurrentCaller>();
        caller.Id.Returns("key:i8k9mT4G");
        var behavior = new TransactionBehavior<DeleteUser, Result<long>>(
            new OtherThread(), caller, logging.CreateLogger<TransactionBehavior<DeleteUser, Result<long>>>());

        List<string?> seen = [];
        await behavior.Handle(new(1, Precondition.None), TestContext.Current.CancellationToken, () =>
        {
            seen = scopes.Current();
            return Task.FromResult<Result<long>>(1);
        });

        Assert.Equal(["Caller key:i8k9mT4G"], seen);
        Assert.Empty(scopes.Current());
    }

    private sealed class OtherThread : IUnitOfWork
    {
        public Task<TResult> ExecuteAsync<TResult>(Func<Task<TResult>> work, Saves saves, CancellationToken cancellationToken)
            where TResult : IResult<TResult>
        {
            using (ExecutionContext.SuppressFlow())
                return Task.Run(work, cancellationToken);
        }
    }

    private sealed class ScopeReader : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider? _scopes;

        public List<string?> Current()
        {
            var current = new List<string?>();
            _scopes!.ForEachScope((scope, list) => list.Add(scope?.ToString()), current);
            return current;
        }

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public ILogger CreateLogger(string categoryName) => NullLogger.Instance;

        public void Dispose()
        {
        }
    }
}
