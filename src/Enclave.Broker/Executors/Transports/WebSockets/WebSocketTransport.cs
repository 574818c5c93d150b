using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;
using Enclave.Streaming;
using Enclave.Streaming.Peers;

namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>A connection to a runtime for each session, dialled by the broker. Where every runtime is full a session waits here.</summary>
internal sealed class WebSocketTransport(RuntimeOptions options, RuntimeSelector runtimes, RuntimeQueue queue, TimeProvider clock) : IRuntimeTransport
{
    public string Name => "websocket";

    public bool IsReady => runtimes.AnyIsThere;

    public TimeSpan EndTimeout => options.EndTimeout;

    public BrokerError? Admit(BrokerSession session) => queue.Admit(session);

    public void ReleaseReservation(BrokerSession session) => queue.ReleaseReservation(session);

    /// <summary>Each runtime once, as long as it does not fail; one that was full again when it has a place.</summary>
    public IEnumerable<IRuntimeTarget> Places(BrokerSession session)
    {
        var turn = new WaitingSession(session, clock.GetTimestamp());
        while (!turn.IsOver) yield return new WebSocketRuntimeTarget(turn, queue, options, clock);
    }

    public ErrorInfo Unavailable(int tried) => runtimes.AllAreForeign ? new("no runtime can be spoken with: each speaks other versions of the protocol than this broker (docs/upgrade.md); the broker's log says which", PeerProtocol.Unsupported) : new(
        runtimes.All.Count == 1 ? "the runtime is not to be had; the broker's log says why" : $"none of {runtimes.All.Count} runtimes is to be had; the broker's log says why",
        "RUNTIME_UNAVAILABLE");
}
