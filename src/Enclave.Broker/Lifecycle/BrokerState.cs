using Enclave.Broker.Executors;
using Enclave.Broker.Store;

namespace Enclave.Broker.Lifecycle;

/// <summary>The broker's readiness, as one word.</summary>
internal sealed class BrokerState(SessionDirectory sessions, IExecutor executor, ISessionStore store)
{
    public const string Ok = "ok";

    public string Text => sessions.IsDraining ? "stopping" : executor.IsReady && store.IsReady ? Ok : "unavailable";
}
