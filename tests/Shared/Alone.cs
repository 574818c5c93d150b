namespace Enclave.Tests;

/// <summary>Tests that inspect the whole process (descriptors, children, allocations, memory) run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
