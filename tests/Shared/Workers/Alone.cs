namespace Enclave.Tests;

/// <summary>Tests that look at the whole process (descriptors, children, memory) run while no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
