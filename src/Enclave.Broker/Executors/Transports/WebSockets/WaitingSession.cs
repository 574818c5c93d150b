using Enclave.Broker.Sessions;
using Enclave.Queues;
using Enclave.Runs;

namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>A session that waits for a runtime. Changes only under the queue's lock.</summary>
internal sealed class WaitingSession(BrokerSession session, long submitted) : IQueued
{
    private readonly List<RemoteRuntime> _failed = [];
    private TaskCompletionSource<RemoteRuntime?> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BrokerSession Session => session;

    /// <summary>When it came, by the clock's timestamp.</summary>
    public long Submitted => submitted;

    public string TenantKey { get; } = ExecutionJob.KeyOf(session.Caller.Tenant);

    /// <summary>Runtimes that it is not to ask again.</summary>
    public IReadOnlyCollection<RemoteRuntime> Failed => _failed;

    /// <summary>True when the waiter had its turn. It is the next one again if that turn came to nothing.</summary>
    public bool HadTurn { get; set; }

    /// <summary>Whether every runtime failed.</summary>
    public bool IsOver { get; set; }

    /// <summary>Completes with the runtime that has a place for it, or with null when it is not to wait any more.</summary>
    public Task<RemoteRuntime?> Settled => _settled.Task;

    public void Fail(RemoteRuntime runtime) => _failed.Add(runtime);

    public void Settle(RemoteRuntime? runtime) => _settled.TrySetResult(runtime);

    /// <summary>It waits anew.</summary>
    public void Reset() => _settled = new TaskCompletionSource<RemoteRuntime?>(TaskCreationOptions.RunContinuationsAsynchronously);
}
