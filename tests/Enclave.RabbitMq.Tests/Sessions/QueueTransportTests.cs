using Enclave.Broker.Tests;
using Enclave.RabbitMq.Tests.Servers;

namespace Enclave.RabbitMq.Tests.Sessions;

public sealed class QueueTransportTests(RabbitServer server) : TransportContract
{
    private protected override async Task<TransportBench> Open(Action<EnclaveOptions>? enclave)
    {
        var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker(enclave: enclave, broker: static (options) => options.ClientTools = [Ask]);
        RuntimeOverQueues runtime = await app.Runtime();
        return new TransportBench(broker, runtime.Worker, app);
    }
}
