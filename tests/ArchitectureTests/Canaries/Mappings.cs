using Mapster;

namespace UserCqrs.ArchitectureTests.Canaries;

internal static class MappingWithoutSource
{
    public static readonly TypeAdapterConfig Config = Configure();

    private static TypeAdapterConfig Configure()
    {
        var config = new TypeAdapterConfig { RequireDestinationMemberSource = true };
        config.NewConfig<Source, Destination>();
        return config;
    }

    private sealed record Source(string Name);

    private sealed record Destination(string Name, string Telephone);
}

internal static class LenientMapping
{
    public static readonly TypeAdapterConfig Config = new();
}
