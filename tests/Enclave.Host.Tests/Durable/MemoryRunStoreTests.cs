namespace Enclave.Host.Tests.Durable;

/// <summary>Durable runs in the memory of a process.</summary>
public sealed class MemoryRunStoreTests : DurableRunTests
{
    private readonly RunStore _store = RunStore.InMemory();

    private protected override RunStore Store => _store;
}
