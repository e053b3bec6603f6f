using System.Reflection;
using Mapster;
using UserCqrs.ArchitectureTests.Canaries;
using UserCqrs.ArchitectureTests.Support;

namespace UserCqrs.ArchitectureTests;

/// <summary>Mapster leaves a member without a source at its default, unless the configuration forbids it.</summary>
public sealed class MappingTests
{
    private static readonly Rule EveryMemberHasASource = new(type => ConfigurationsOf(type).Any(), type => ConfigurationsOf(type).SelectMany(Faults));

    [Fact]
    public void Every_member_that_is_mapped_to_has_a_source_in_Application() => EveryMemberHasASource.HoldsIn(Solution.Application);

    [Fact]
    public void Every_member_that_is_mapped_to_has_a_source_in_Web() => EveryMemberHasASource.HoldsIn(Solution.Web);

    [Fact]
    public void Members_without_a_source_are_found() =>
        EveryMemberHasASource.Catches(typeof(MappingWithoutSource), typeof(LenientMapping));

    private static IEnumerable<TypeAdapterConfig> ConfigurationsOf(Type type) =>
        type.ContainsGenericParameters ? [] : type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(field => field.FieldType == typeof(TypeAdapterConfig)).Select(field => (TypeAdapterConfig)field.GetValue(null)!);

    private static IEnumerable<string> Faults(TypeAdapterConfig configuration)
    {
        if (!configuration.RequireDestinationMemberSource)
            return ["does not require a source for each member"];
        try
        {
            configuration.Compile();
            return [];
        }
        catch (CompileException e)
        {
            return [e.InnerException!.Message];
        }
    }
}
