namespace UserCqrs.IntegrationTests.Processes;

/// <summary>
/// The collection of tests that run one after the other and beside nothing else, because they change what belongs to the whole process.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public static class Alone;
