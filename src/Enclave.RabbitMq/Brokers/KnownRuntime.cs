using Enclave.RabbitMq.Wire;
using Enclave.Streaming.Peers;

namespace Enclave.RabbitMq.Brokers;

/// <summary>A runtime as it presents itself, and what it has of this broker. Changes under the dispatcher's lock.</summary>
internal sealed class KnownRuntime(string id)
{
    public string Id => id;

    /// <summary>Runs of this broker that it was granted.</summary>
    public HashSet<QueuedRun> Runs { get; } = [];

    /// <summary>What it last said of itself; null before.</summary>
    public Presence? Presence { get; private set; }

    /// <summary>What it speaks, as it last said; null when that was no such thing.</summary>
    public PeerProtocol? Protocol { get; set; } = PeerProtocol.First;

    /// <summary>Whether it and this broker have a version in common: with others nothing is begun.</summary>
    public bool IsUnderstood => Protocol is { IsUnderstood: true };

    /// <summary>Why it is not.</summary>
    public string Mismatch => Protocol is { } said ? said.Mismatch("runtime") : "the runtime says nothing of its protocol that can be read";

    /// <summary>Whether people were told that it is not understood.</summary>
    public bool IsToldOf { get; set; }

    /// <summary>When it last gave a sign, by the clock's timestamp.</summary>
    public long Seen { get; set; }

    /// <summary>Sessions that are not this broker's.</summary>
    private int Others { get; set; }

    /// <summary>Sessions that it could begin now, as far as is known here.</summary>
    public int Free => Presence is null ? 0 : Math.Max(0, Presence.Slots - Others - Runs.Count);

    public void Present(Presence presence, string broker)
    {
        (Presence, Protocol) = (presence, presence.Protocol);
        Others = Math.Max(0, presence.Active - presence.Brokers.GetValueOrDefault(broker));
    }

    public bool Serves(string lane) => IsUnderstood && Presence?.Queues.Contains(lane, StringComparer.Ordinal) == true;
}
