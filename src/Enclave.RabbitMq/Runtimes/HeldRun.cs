using Enclave.RabbitMq.Wire;
using Enclave.Runtime.Connections;
using Enclave.Streaming;
using Enclave.Streaming.Peers;

namespace Enclave.RabbitMq.Runtimes;

/// <summary>A run that a runtime took from a queue. What changes does so under the table's lock.</summary>
internal sealed class HeldRun(string name, string broker, PeerProtocol protocol, ChannelExecute execute, ulong tag, RunSlot? slot, long asked)
{
    public string Name => name;

    public string Broker => broker;

    /// <summary>What that speaks.</summary>
    public PeerProtocol Protocol => protocol;

    public ChannelExecute Execute => execute;

    /// <summary>Of its delivery, which is open until it begins.</summary>
    public ulong Tag => tag;

    /// <summary>Where it runs; null for one that goes back.</summary>
    public RunSlot? Slot => slot;

    /// <summary>When the broker was asked, by the clock's timestamp.</summary>
    public long Asked => asked;

    public HeldRunState State { get; private set; } = slot is null ? HeldRunState.Returning : HeldRunState.Asked;

    /// <summary>What its reader has not taken yet; from its begin on.</summary>
    public EventsAhead? Ahead { get; private set; }

    /// <summary>Its session's peer, from its begin on.</summary>
    public RuntimeClient? Client { get; set; }

    /// <summary>The number of the last event that was sent.</summary>
    public long Sent { get; set; }

    /// <summary>The broker said that it may begin.</summary>
    public void Begin(int windowBytes) => (State, Ahead) = (HeldRunState.Begun, new EventsAhead(windowBytes));

    /// <summary>The runtime does not begin it, whatever its broker has said meanwhile.</summary>
    public void Return() => State = HeldRunState.Returning;

    /// <summary>It has ended, or nobody waits for it.</summary>
    public void End()
    {
        State = HeldRunState.Over;
        Ahead?.Close();
    }

    /// <summary>The program with its limits, its life shortened to what the wait has left of it.</summary>
    public ChannelExecute Lowered(int ttlMs)
    {
        SessionLimits limits = execute.Limits ?? new SessionLimits();
        return execute with { Limits = limits with { SessionTtlMs = Math.Min(limits.SessionTtlMs ?? ttlMs, ttlMs), TimeoutMs = Math.Min(limits.TimeoutMs ?? ttlMs, ttlMs) } };
    }

    /// <summary>Reads a run of a queue; what is wrong with it, or null.</summary>
    public static string? Problem(IncomingMessage message, int maxBytes, out ChannelExecute? execute)
    {
        execute = null;
        if (message.Kind != MessageTypes.Run || message.Run.Length == 0 || message.Sender.Length == 0) return "it is no run of a broker";
        if (message.Protocol is not { } protocol) return "its broker says nothing of its protocol that can be read";
        if (!protocol.IsUnderstood) return protocol.Mismatch("broker");
        if (message.Body.Length > maxBytes) return "it is larger than MaxMessageBytes";
        execute = RunReader.Read(message.Body) as ChannelExecute;
        if (execute is null) return "its body is no execute";
        return execute.SessionId == StreamProtocol.SessionPrefix + message.Run ? null : "its session is another one";
    }
}
