using System.Buffers;
using Enclave.RabbitMq.Wire;
using Enclave.Runtime.Connections;
using Enclave.Streaming;
using Enclave.Streaming.Peers;

namespace Enclave.RabbitMq.Runtimes;

/// <summary>A run that a runtime took from a queue. Sends its events to its broker.</summary>
/// <remarks>The link's lock guards <see cref="State"/>, <see cref="Client"/> and <see cref="Sent"/>.</remarks>
internal sealed class HeldRun(
    string name, string broker, PeerProtocol protocol, ChannelExecute execute, ulong tag, RunSlot? slot, long asked, RuntimeQueueLink link) : IClientConnection
{
    public string Name => name;

    public string Broker => broker;

    /// <summary>The broker's protocol.</summary>
    public PeerProtocol Protocol => protocol;

    /// <summary>The tag of its delivery, which is unacknowledged until it begins.</summary>
    public ulong Tag => tag;

    /// <summary>The slot where it runs; null for a run that is returned.</summary>
    public RunSlot? Slot => slot;

    /// <summary>When the broker was asked, by the clock's timestamp.</summary>
    public long Asked => asked;

    public HeldRunState State { get; private set; } = slot is null ? HeldRunState.Returning : HeldRunState.Asked;

    /// <summary>The events that its reader has not read yet; null before it begins.</summary>
    public EventsAhead? Ahead { get; private set; }

    /// <summary>The peer of its session, after it begins.</summary>
    public RuntimeClient? Client { get; set; }

    /// <summary>The number of the last event that was sent.</summary>
    public long Sent { get; set; }

    public long MaxEventBytes => link.MaxMessageBytes;

    public async ValueTask<bool> SendAsync(SessionEvent sent) => (Ahead is null || await Ahead.HasRoomAsync().ConfigureAwait(false)) && TrySend(sent);

    public bool TrySend(SessionEvent sent)
    {
        var output = new ArrayBufferWriter<byte>();
        sent.WriteTo(output);
        Ahead?.Add(sent.Seq, output.WrittenCount);
        bool isSent = link.TrySend(this, sent.Seq, output.WrittenMemory);
        if (!isSent || sent.Payload is Final) link.OnRunEnded(this);
        return isSent;
    }

    /// <summary>Ignores everything except events: brokers at queues do not ask for more.</summary>
    public bool TrySend(ChannelMessage message) => true;

    /// <summary>The broker allowed it to begin.</summary>
    public void Begin(int windowBytes) => (State, Ahead) = (HeldRunState.Begun, new EventsAhead(windowBytes));

    /// <summary>From here on it does not begin, even if the broker has allowed it meanwhile.</summary>
    public void Return() => State = HeldRunState.Returning;

    /// <summary>It has ended, or no broker waits for it.</summary>
    public void End()
    {
        State = HeldRunState.Ended;
        Ahead?.Close();
    }

    /// <summary>The script with its limits; its lifetime is reduced by the time spent waiting.</summary>
    public ChannelExecute WithLifetime(int ttlMs)
    {
        SessionLimits limits = execute.Limits ?? new SessionLimits();
        return execute with
        {
            Limits = limits with { SessionTtlMs = Math.Min(limits.SessionTtlMs ?? ttlMs, ttlMs), TimeoutMs = Math.Min(limits.TimeoutMs ?? ttlMs, ttlMs) },
        };
    }

    /// <summary>Reads a run of a queue. Returns the problem, or null.</summary>
    public static string? Problem(IncomingMessage message, int maxBytes, out ChannelExecute? execute)
    {
        execute = null;
        if (message.Kind != MessageTypes.Run || message.Run.Length == 0 || message.Sender.Length == 0) return "it is not a run of a broker";
        if (message.Protocol is not { } protocol) return "its broker did not report a readable protocol version";
        if (!protocol.IsUnderstood) return protocol.Mismatch("broker");
        if (message.Body.Length > maxBytes) return "it is larger than MaxMessageBytes";
        execute = RunReader.Read(message.Body) as ChannelExecute;
        if (execute is null) return "its body is not an execute message";
        return execute.SessionId == StreamProtocol.SessionPrefix + message.Run ? null : "its session does not match its run";
    }
}
