using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using UserCqrs.Infrastructure;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Security;

/// <summary>What the start report says about who may call.</summary>
public sealed class AdmissionReportTests
{
    [Theory]
    [InlineData(LogLevel.Information, "every program on this machine, until there is an API key", "Access:AllowAnonymousOnLoopback", "true")]
    [InlineData(LogLevel.Warning, "nobody: there are no API keys yet", "Access:AllowAnonymousOnLoopback", "false")]
    [InlineData(LogLevel.Warning, "anyone who reaches it: there are no API keys", "Access:LetAnyoneWhoReachesTheServiceReadAndChangeUsers", "true")]
    [InlineData(LogLevel.Information, "callers with a JWT of https://id.example.org or an API key", "Jwt:Authority", "https://id.example.org", "Jwt:Audience", "users")]
    public async Task Says_who_may_call_while_there_are_no_keys(LogLevel level, string callers, params string[] settings)
    {
        await using var service = new ReportingService(settings);

        await service.InitializeAsync();

        Assert.StartsWith(callers, service.Callers, StringComparison.Ordinal);
        Assert.Equal(level, service.Level);
    }

    [Fact]
    public async Task Says_that_callers_need_a_key_once_there_is_one()
    {
        await using var service = new ReportingService([]);
        await service.CreateKeyBeforeStartAsync();

        await service.InitializeAsync();

        Assert.Equal("callers with an API key", service.Callers);
    }

    private sealed class ReportingService(string[] settings) : SqliteUsersService
    {
        private readonly StartReportLog _log = new();

        public string Callers => (string)Report.State.Single(value => value.Key == "Callers").Value!;

        public LogLevel Level => Report.Level;

        private (LogLevel Level, IReadOnlyList<KeyValuePair<string, object?>> State) Report => Assert.Single(_log.Entries);

        public async Task CreateKeyBeforeStartAsync()
        {
            var database = new ConfigurationBuilder().AddInMemoryCollection([new("DATABASE_URL", DatabaseUrl)]).Build();
            await Maintenance.MigrateAsync(database, _ => { }, TestContext.Current.CancellationToken);
            await ApiKeys.CreateAsync(database);
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Logging:LogLevel:UserCqrs.Web.Hosting.StartReport", "Information");
            foreach (var setting in settings.Chunk(2))
                builder.UseSetting(setting[0], setting[1]);
            builder.ConfigureTestServices(services => services.AddLogging(logging => logging.ClearProviders().AddProvider(_log)));
        }
    }

    private sealed class StartReportLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<(LogLevel Level, IReadOnlyList<KeyValuePair<string, object?>> State)> Entries { get; } = [];

        public ILogger CreateLogger(string categoryName) =>
            categoryName.EndsWith(".StartReport", StringComparison.Ordinal) ? this : NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Enqueue((logLevel, [.. (IReadOnlyList<KeyValuePair<string, object?>>)state!]));

        public void Dispose()
        {
        }
    }
}
