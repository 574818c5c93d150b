using Enclave.Broker.Executors.Transports;
using Enclave.Broker.Sessions;
using Enclave.Queues;
using Enclave.RabbitMq.Wire;
using Enclave.Runs;
using Enclave.Streaming;

namespace Enclave.RabbitMq.Brokers;

/// <summary>One attempt to run a session on a runtime. Guarded by the dispatcher's lock.</summary>
internal sealed class QueuedRun(BrokerSession session, ChannelExecute execute, QueueTenant tenant, string lane, bool isSecondTry, long submitted) : IQueued
{
    private readonly TaskCompletionSource<RuntimeOpening> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BrokerSession Session => session;

    public QueueTenant Tenant => tenant;

    public string TenantKey { get; } = IQueued.KeyOf(session.Caller.Tenant);

    public string LaneName => lane;

    /// <summary>True if a runtime had it before and did not begin it: it keeps its turn.</summary>
    public bool IsSecondTry => isSecondTry;

    /// <summary>When it was submitted, by the clock's timestamp.</summary>
    public long Submitted => submitted;

    /// <summary>Its name on the wire, a new one for each message: a runtime with an older message asks for a name that is no longer valid.</summary>
    public string Name { get; private set; } = "";

    public string SessionName => StreamProtocol.SessionPrefix + Name;

    public QueuedRunState State { get; set; }

    /// <summary>When it was last published, by the clock's timestamp.</summary>
    public long Published { get; set; }

    /// <summary>The runtime that may run it; null before.</summary>
    public KnownRuntime? Runtime { get; set; }

    /// <summary>The connection to that runtime; null before.</summary>
    public QueueRuntimeConnection? Connection { get; set; }

    /// <summary>Why it was last refused; null if it was not.</summary>
    public string? Fault { get; set; }

    /// <summary>True if the server had no room for it at the last attempt.</summary>
    public bool WasRejected { get; set; }

    /// <summary>How often it came back before it began.</summary>
    public int Returns { get; set; }

    /// <summary>True if the runtime that it was granted to returned it before it began.</summary>
    public bool WasReturned { get; set; }

    /// <summary>Completes when it is granted or will not be.</summary>
    public Task<RuntimeOpening> Settled => _settled.Task;

    public void Settle(RuntimeOpening opening) => _settled.TrySetResult(opening);

    public void Rename() => Name = UnguessableName.New();

    /// <summary>The message, as over WebSocket.</summary>
    public ChannelExecute Execute() => execute with { SessionId = SessionName };
}
