using Enclave.Limits;

namespace Enclave;

/// <summary>How a host keeps runs with a name (<see cref="RunOptions.Durable"/>).</summary>
public sealed class DurableOptions
{
    /// <summary>
    /// Keeps the runs. Hosts that share it may resume each other's runs. The application disposes it. Default: one in the memory of the host.
    /// </summary>
    public RunStore Store { get; set; } = RunStore.InMemory();

    /// <summary>
    /// Keys of 32 random bytes that seal what the store keeps. The first seals; the others open what they sealed before. Default: none, everything is
    /// readable, and only damage is found.
    /// </summary>
    public IReadOnlyList<byte[]> Keys { get; set; } = [];

    /// <summary>How long a run that only waits keeps its worker. Waits that certainly take longer do not use it. Range: 0 to 1 h. Default: 1 s.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Bytes of one run's journal. Range: 64 KB to twice <see cref="WorkerPoolOptions.MaxMessageBytes"/>. Default: null, the upper end, but 8 MB at most.
    /// </summary>
    public long? MaxRunBytes { get; set; }

    /// <summary>Runs of one tenant in the store, those that have ended included. Range: 1 to 10,000,000. Default: 10,000.</summary>
    public int MaxRunsPerTenant { get; set; } = 10_000;

    /// <summary>Bytes of one tenant's runs in the store. A run is not started above it. Range: 1 MB to 2^50. Default: 1 GB.</summary>
    public long MaxBytesPerTenant { get; set; } = 1L << 30;

    /// <summary>How long a run is kept after its end. Range: 0 to 10 years. Default: 7 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Bytes of the values that scripts of one conversation keep with <c>store</c> (<see cref="RunOptions.Conversation"/>). Conversations also count as runs
    /// of their tenant, in <see cref="MaxRunsPerTenant"/> and <see cref="MaxBytesPerTenant"/>. Range: 1 KB to 16 MB. Default: 1 MB.
    /// </summary>
    public int MaxConversationBytes { get; set; } = 1 << 20;

    /// <summary>How long the values of a conversation are kept after the last of them was stored. Range: 1 s to 10 years. Default: 1 day.</summary>
    public TimeSpan ConversationRetention { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// True if the host looks for runs that are due and resumes them. Otherwise only <see cref="EnclaveDurableExtensions.ResumeAsync"/> does. Default: true.
    /// </summary>
    public bool Wakes { get; set; } = true;

    /// <summary>
    /// Runs that the host wakes at the same time. A tenant without one among them has a place beyond it, up to twice the number. Range: 1 to 10,000. Default:
    /// null, as many as the pool has workers.
    /// </summary>
    public int? MaxWaking { get; set; }

    /// <summary>
    /// The tools, the context and the console handler of a run that the host resumes by itself; nothing else of these options counts. Default: null, the
    /// host's tools only.
    /// </summary>
    public Func<DurableRun, RunOptions?>? OnResume { get; set; }

    /// <summary>The context of runs that belong to a broker's session.</summary>
    internal Func<DurableSession, object>? ContextOf { get; set; }
}
