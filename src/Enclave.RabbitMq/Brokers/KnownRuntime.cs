using Enclave.RabbitMq.Wire;
using Enclave.Streaming.Peers;

namespace Enclave.RabbitMq.Brokers;

/// <summary>A runtime as it reports itself, and its runs of this broker. Guarded by the dispatcher's lock.</summary>
internal sealed class KnownRuntime(string id)
{
    public string Id => id;

    /// <summary>Runs of this broker that were granted to the runtime.</summary>
    public HashSet<QueuedRun> Runs { get; } = [];

    /// <summary>Its latest report; null before the first.</summary>
    public Presence? Presence { get; private set; }

    /// <summary>The protocol that it last reported; null if that was unreadable.</summary>
    public PeerProtocol? Protocol { get; set; } = PeerProtocol.First;

    /// <summary>True if it has a protocol version in common with this broker. Otherwise it gets no runs.</summary>
    public bool IsUnderstood => Protocol is { IsUnderstood: true };

    /// <summary>Why its protocol does not fit.</summary>
    public string Mismatch => Protocol is { } said ? said.Mismatch("runtime") : "the runtime did not report a readable protocol version";

    /// <summary>True if the mismatch was logged.</summary>
    public bool MismatchLogged { get; set; }

    /// <summary>When its last message arrived, by the clock's timestamp.</summary>
    public long Seen { get; set; }

    /// <summary>Sessions of other brokers and connections.</summary>
    private int Others { get; set; }

    /// <summary>Sessions that it could begin now, as far as known here.</summary>
    public int Free => Presence is null ? 0 : Math.Max(0, Presence.Slots - Others - Runs.Count);

    public void Update(Presence presence, string broker)
    {
        (Presence, Protocol) = (presence, presence.Protocol);
        Others = Math.Max(0, presence.Active - presence.Brokers.GetValueOrDefault(broker));
    }

    public bool Serves(string lane) => IsUnderstood && Presence?.Queues.Contains(lane, StringComparer.Ordinal) == true;
}
