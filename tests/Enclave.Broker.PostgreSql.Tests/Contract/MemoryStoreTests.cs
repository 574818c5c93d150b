namespace Enclave.Broker.PostgreSql.Tests.Contract;

/// <summary>The contract in one process.</summary>
public sealed class MemoryStoreTests : SessionStoreContract
{
    private protected override async Task<(TestBroker Here, TestBroker There)> OpenPairAsync(BrokerOptions options)
    {
        TestBroker broker = await TestBroker.InMemory(options);
        return (broker, broker);
    }

    private protected override ValueTask CleanAsync() => ValueTask.CompletedTask;
}
