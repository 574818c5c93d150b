namespace Enclave.Testing.Tests;

public sealed class ReferenceStoreContractTests : ReferenceStoreContract
{
    private readonly MemoryReferenceStore _memory = new();
    private Func<IReferenceStore, IReferenceStore> _fault = (store) => store;

    protected override IReferenceStore Store => _fault(_memory);

    [Fact]
    public Task The_store_in_memory_keeps_it() => VerifyAsync();

    [Theory]
    [InlineData(Fault.Forgets, "was not found")]
    [InlineData(Fault.Mixes, "other bytes")]
    [InlineData(Fault.NeverRemoves, "A removed value was found")]
    [InlineData(Fault.IgnoresCancellation, "cancelled token")]
    public async Task One_that_does_not_is_named(Fault fault, string words)
    {
        _fault = (store) => new FaultyStore(store, fault);

        Assert.Contains(words, (await Assert.ThrowsAsync<ContractException>(VerifyAsync)).Message, StringComparison.Ordinal);
    }

    public enum Fault
    {
        Forgets,
        Mixes,
        NeverRemoves,
        IgnoresCancellation,
    }

    private sealed class FaultyStore(IReferenceStore store, Fault fault) : IReferenceStore
    {
        public ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancellationToken) => fault switch
        {
            Fault.Forgets => ValueTask.CompletedTask,
            Fault.Mixes => store.SetAsync(key, new byte[value.Length + 1], ttl, cancellationToken),
            _ => store.SetAsync(key, value, ttl, fault == Fault.IgnoresCancellation ? default : cancellationToken),
        };

        public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken) =>
            store.GetAsync(key, fault == Fault.IgnoresCancellation ? default : cancellationToken);

        public ValueTask RemoveAsync(string key, CancellationToken cancellationToken) =>
            fault == Fault.NeverRemoves ? ValueTask.CompletedTask : store.RemoveAsync(key, cancellationToken);
    }
}
