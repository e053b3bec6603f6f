using Microsoft.Extensions.Logging;
using NSubstitute;
using UserCqrs.Infrastructure;

namespace UserCqrs.UnitTests.Infrastructure;

public sealed class FaultLogTests
{
    private const string Fault = "The disk is full";

    private readonly TimeProvider _clock = Substitute.For<TimeProvider>();
    private readonly Lines _lines = new();
    private readonly FaultLog _log;
    private Action _passMinute = () => Assert.Fail("There is no timer.");

    public FaultLogTests()
    {
        _clock.CreateTimer(default!, default, default, default).ReturnsForAnyArgs(call =>
        {
            Assert.Equal(FaultLog.Interval, call.ArgAt<TimeSpan>(2));
            var (callback, state) = (call.ArgAt<TimerCallback>(0), call.ArgAt<object?>(1));
            _passMinute = () => callback(state);
            return Substitute.For<ITimer>();
        });
        _log = new(_lines, _clock, Fault);
    }

    [Fact]
    public async Task A_fault_is_logged_when_it_begins_then_counted_and_logged_when_it_ends()
    {
        for (var i = 0; i < 10_000; i++)
            _log.Occurred("13");

        Assert.Equal([(LogLevel.Warning, $"{Fault}: 13 Further occurrences are counted and logged once a minute.")], _lines.Written);

        await PassMinuteAsync();

        Assert.Equal((LogLevel.Warning, $"{Fault}: 9999 more times in the last minute, the last time because: 13"), _lines.Written[1]);

        _log.Occurred("14");
        await PassMinuteAsync();

        Assert.Equal((LogLevel.Warning, $"{Fault}: 1 more times in the last minute, the last time because: 14"), _lines.Written[2]);

        await PassMinuteAsync();

        Assert.Equal((LogLevel.Information, $"{Fault}: over; it has not occurred for a minute."), _lines.Written[3]);
        Assert.Equal(4, _lines.Written.Count);
    }

    [Fact]
    public async Task A_fault_that_comes_back_is_logged_anew()
    {
        _log.Occurred("13");
        await PassMinuteAsync();
        _log.Occurred("13");

        Assert.Equal([LogLevel.Warning, LogLevel.Information, LogLevel.Warning], _lines.Written.Select(line => line.Level));
    }

    /// <summary>Returns once the line of that minute is written.</summary>
    private async Task PassMinuteAsync()
    {
        var before = _lines.Written.Count;
        _passMinute();
        while (_lines.Written.Count == before)
            await Task.Delay(1, TestContext.Current.CancellationToken);
    }

    /// <summary>The lines that are logged at the default levels.</summary>
    private sealed class Lines : ILogger
    {
        private readonly List<(LogLevel Level, string Text)> _written = [];

        public IReadOnlyList<(LogLevel Level, string Text)> Written
        {
            get
            {
                lock (_written)
                    return [.. _written];
            }
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_written)
                _written.Add((logLevel, formatter(state, exception)));
        }
    }
}
