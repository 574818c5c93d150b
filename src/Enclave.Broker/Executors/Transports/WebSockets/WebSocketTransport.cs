using Enclave.Broker.Sessions;
using Enclave.Streaming;
using Enclave.Streaming.Peers;

namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>A connection to a runtime for each session, dialled by the broker.</summary>
internal sealed class WebSocketTransport(RuntimeOptions options, RuntimeSelector runtimes) : IRuntimeTransport
{
    public string Name => "websocket";

    public bool IsReady => runtimes.AnyIsWorthAsking;

    public TimeSpan EndTimeout => options.EndTimeout;

    /// <summary>There is no line: runtimes that are dialled take a session or do not.</summary>
    public BrokerError? Admit(BrokerSession session) => null;

    public void Forgo(BrokerSession session)
    {
    }

    public IEnumerable<IRuntimePlace> Places(BrokerSession session) => runtimes.Order().Select((runtime) => new WebSocketPlace(session.Id, runtime, options));

    public ErrorInfo Unavailable(int tried) => runtimes.AllAreForeign ? new("no runtime can be spoken with: each speaks other versions of the protocol than this broker (docs/upgrade.md); the broker's log says which", PeerProtocol.Unsupported) : new(
        tried == 1 ? "the runtime is not to be had, or has no room; the broker's log says why" : $"none of {tried} runtimes is to be had, or has room; the broker's log says why",
        "RUNTIME_UNAVAILABLE");
}
