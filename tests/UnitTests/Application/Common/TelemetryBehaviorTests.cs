using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using static UserCqrs.UnitTests.TestUsers;

namespace UserCqrs.UnitTests.Application.Common;

public sealed class TelemetryBehaviorTests
{
    [Fact]
    public async Task Tells_the_message_and_how_it_ended_and_nothing_of_what_was_sent()
    {
        var spans = new ConcurrentQueue<Activity>(); // other tests run meanwhile
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var durations = new ConcurrentQueue<string>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "usercqrs.message.duration")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<double>((_, _, tags, _) =>
            durations.Enqueue(string.Join(' ', tags.ToArray().Select(tag => tag.Value))));
        meters.Start();

        using var test = new Activity("test").Start();
        var behavior = new TelemetryBehavior<CreateUser, Result<UserDto>>();
        var command = new CreateUser(Given("Canary", "canary@example.org"));

        await behavior.Handle(command, TestContext.Current.CancellationToken, () => Task.FromResult<Result<UserDto>>(UniqueIndexes.EmailTaken));
        await Assert.ThrowsAsync<TimeoutException>(
            () => behavior.Handle(command, TestContext.Current.CancellationToken, () => throw new TimeoutException("canary@example.org")));

        var mine = spans.Where(span => span.TraceId == test.TraceId).ToList();
        Assert.Equal(["CreateUser Conflict", "CreateUser Exception"],
            mine.Select(span => $"{span.DisplayName} {span.GetTagItem("outcome")}"));
        Assert.Equal(ActivityStatusCode.Error, mine[1].Status);
        Assert.Contains("CreateUser Conflict", durations);
        Assert.DoesNotContain("canary", string.Join(' ', durations.Concat(mine.SelectMany(span =>
            span.TagObjects.Select(tag => $"{tag.Value}").Append(span.StatusDescription)))), StringComparison.OrdinalIgnoreCase);
    }
}
