using UserCqrs.Runner.Contenders;
using UserCqrs.Runner.Driving;

namespace UserCqrs.Runner.Scenarios;

/// <summary>What a refusal costs beside an answer.</summary>
internal sealed class Refusals(Contender service) : Scenario(
    "refused", "what the service refuses, beside what it answers, 32 connections", [PerSecond], service)
{
    private const int Connections = 32;
    private const int UnknownId = 1_000_000_000;

    public override async Task<IReadOnlyList<Row>> MeasureAsync(
        Bench bench, Contender contender, CancellationToken cancellationToken)
    {
        using var server = await bench.ServeAsync(contender, bench.Users, cancellationToken);
        Expect(404, server, HttpConnection.Get($"{contender.Routes.Get}{UnknownId}"));
        Expect(422, server, HttpConnection.Post(contender.Routes.Create, """{"name":"","email":"nobody"}"""));
        var unknown = await bench.SaturateAsync(
            server, () => Traffics.Get(contender, Connections, UnknownId, bench.Users), cancellationToken);
        var invalid = await bench.SaturateAsync(server, () => Traffics.Invalid(contender, Connections), cancellationToken);
        // Last: if running longer makes anything faster, then not the refusals.
        var known = await bench.SaturateAsync(
            server, () => Traffics.Get(contender, Connections, 1, bench.Users), cancellationToken);
        return
        [
            Row.Of("GET by id, 200", known),
            Refused("GET by unknown id, 404", unknown),
            Refused("POST of an invalid user, 422", invalid),
        ];
    }

    private static void Expect(int status, Server server, byte[] request)
    {
        using var connection = new HttpConnection(server.Port);
        if (connection.Send(request) is var actual && actual != status)
            throw new ToolException($"the service answers {actual} where {status} is right");
    }

    /// <summary>Here a success is what fails.</summary>
    private static Row Refused(string name, Load load) =>
        new(name, load.Answers - load.Refused + load.Broken, load.PerSecond);
}
