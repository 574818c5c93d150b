using Enclave.Broker.Tests;
using Enclave.Runtime;

namespace Enclave.RabbitMq.Tests.Sessions;

public sealed class WebSocketTransportTests : TransportContract
{
    private protected override async Task<TransportBench> Open(Action<EnclaveOptions>? enclave)
    {
        RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(
            new RuntimeWorkerOptions { Port = 0, MaxSessions = 4, SecurityLevel = SecurityLevel.Standard });
        await runtime.StartAsync();
        BrokerApp broker = await BrokerApp.Over((options) => options.Runtimes.Add(runtime.Address!), static (options) => options.ClientTools = [Ask], enclave);
        return new TransportBench(broker, runtime, broker, runtime);
    }
}
