using Enclave.Guard;
using Enclave.Queues;

namespace Enclave.Runs;

/// <summary>
/// The runs of one host that wait before they are jobs, for the guard or for a scorer. They have the bounds of jobs that wait for a worker: in all, and for
/// each tenant.
/// </summary>
/// <param name="most">The most runs that wait.</param>
/// <param name="perTenant">The most of one tenant.</param>
internal sealed class WaitingRuns(int most, int perTenant)
{
    private readonly Lock _lock = new();
    private readonly TenantQueues<WaitingRun> _runs = new(most, perTenant);

    /// <summary>Counts a run in, if there is room.</summary>
    /// <param name="run">The run.</param>
    /// <param name="room">Additional places.</param>
    public QueueVerdict TryEnter(WaitingRun run, int room = 0)
    {
        lock (_lock) return _runs.TryAdd(run, new QueueAhead(-room, -room));
    }

    /// <summary>Counts a run out.</summary>
    public void Leave(WaitingRun run)
    {
        lock (_lock) _runs.Remove(run);
    }
}

/// <summary>A run that waits.</summary>
internal sealed class WaitingRun : IQueued
{
    /// <summary>A run whose script the guard has not read yet.</summary>
    public WaitingRun(string? tenant, string code, byte[] globals)
        : this(tenant, code, (long)sizeof(char) * code.Length, globals)
    {
    }

    /// <summary>A run whose script is accepted.</summary>
    public WaitingRun(string? tenant, GuardedScript script, byte[] globals)
        : this(tenant, script, script.Bytes, globals)
    {
    }

    private WaitingRun(string? tenant, object content, long contentBytes, byte[] globals) =>
        (TenantKey, Content, ContentBytes, OwnBytes) = (IQueued.KeyOf(tenant), content, contentBytes, globals.Length);

    public string TenantKey { get; }

    public object Content { get; }

    public long ContentBytes { get; }

    public long OwnBytes { get; }
}
