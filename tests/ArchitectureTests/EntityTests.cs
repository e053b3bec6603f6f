using UserCqrs.ArchitectureTests.Canaries;
using UserCqrs.ArchitectureTests.Support;

namespace UserCqrs.ArchitectureTests;

public sealed class EntityTests
{
    // Entities are distinguished by their id, not by their values.
    private static readonly Rule Sealed = new(
        type => type.IsClass && !type.IsRecord() && type.GetProperty("Id") is not null,
        type => type.IsSealed ? [] : ["is not sealed"]);

    [Fact]
    public void Entities_are_sealed() => Sealed.HoldsIn(Solution.Domain);

    [Fact]
    public void Entities_that_are_not_sealed_are_found() => Sealed.Catches(typeof(UnsealedEntity));
}
