using Enclave.Broker.Sessions;
using Enclave.Queues;
using Enclave.Runs;

namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>A session that waits for a runtime. Guarded by the queue's lock.</summary>
internal sealed class WaitingSession(BrokerSession session, long submitted) : IQueued
{
    private readonly List<RemoteRuntime> _failed = [];
    private TaskCompletionSource<RemoteRuntime?> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BrokerSession Session => session;

    /// <summary>When it was submitted, by the clock's timestamp.</summary>
    public long Submitted => submitted;

    public string TenantKey { get; } = IQueued.KeyOf(session.Caller.Tenant);

    /// <summary>Runtimes that it must not ask again.</summary>
    public IReadOnlyCollection<RemoteRuntime> FailedRuntimes => _failed;

    /// <summary>True if the session had its turn. It goes first again if the runtime failed or was full.</summary>
    public bool HadTurn { get; set; }

    /// <summary>True if no further runtime should be tried: every runtime failed, or the session was cancelled.</summary>
    public bool NoMoreRuntimes { get; set; }

    /// <summary>Completes with the runtime that has a slot for it, or with null if it stops waiting.</summary>
    public Task<RemoteRuntime?> Settled => _settled.Task;

    public void Fail(RemoteRuntime runtime) => _failed.Add(runtime);

    public void Settle(RemoteRuntime? runtime) => _settled.TrySetResult(runtime);

    /// <summary>Starts another wait.</summary>
    public void Reset() => _settled = new TaskCompletionSource<RemoteRuntime?>(TaskCreationOptions.RunContinuationsAsynchronously);
}
