namespace UserCqrs.ArchitectureTests.Canaries;

public class UnsealedEntity
{
    public long Id { get; private set; }
}
