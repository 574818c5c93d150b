using Enclave.Broker.Tests;
using Enclave.Runtime;

namespace Enclave.RabbitMq.Tests.Sessions;

/// <summary>A broker, and a runtime that runs its sessions.</summary>
internal sealed class TransportBench(BrokerApp broker, RuntimeWorker runtime, params IAsyncDisposable[] open) : IAsyncDisposable
{
    public BrokerApp Broker => broker;

    public RuntimeWorker Runtime => runtime;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable one in open) await one.DisposeAsync();
    }
}
