using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;
using Enclave.Streaming;
using Enclave.Streaming.Peers;

namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>Opens a connection to a runtime for each session. If every runtime is full, the session waits here.</summary>
internal sealed class WebSocketTransport(RuntimeOptions options, RuntimeSelector runtimes, RuntimeQueue queue, TimeProvider clock) : IRuntimeTransport
{
    public string Name => "websocket";

    public bool IsReady => runtimes.AnyIsReachable;

    public BrokerError? Admit(BrokerSession session) => queue.Admit(session);

    /// <summary>Each runtime once. A runtime that was full is tried again when it has a free slot.</summary>
    public IEnumerable<IRuntimeTarget> Targets(BrokerSession session)
    {
        var turn = new WaitingSession(session, clock.GetTimestamp());
        while (!turn.NoMoreRuntimes) yield return new WebSocketRuntimeTarget(turn, queue, options, clock);
    }

    public ErrorInfo Unavailable(int tried) => runtimes.AllAreIncompatible
        ? new("no runtime speaks a protocol version of this broker (docs/upgrade.md); the broker's log names the versions", SessionCode.ProtocolUnsupported)
        : new(
        runtimes.All.Count == 1
        ? "the runtime is unavailable; the broker's log says why"
        : $"none of {runtimes.All.Count} runtimes is available; the broker's log says why",
        SessionCode.RuntimeUnavailable);
}
