using Enclave.Broker.Sessions;
using Enclave.SessionWire;
using Enclave.Streaming;

namespace Enclave.Broker.Executors;

/// <summary>Runs sessions on the application's own host.</summary>
internal sealed class EmbeddedExecutor(IEnclave enclave, EnclaveOptions host) : IExecutor
{
    /// <summary>Events wait here for the moment that it takes to encode them: room for the largest, and no more.</summary>
    private const long BufferedBytes = 64 << 20;

    private readonly AdmittedSessions _admitted = new();

    public bool IsReady => !enclave.GetSnapshot().IsCrashLooping;

    /// <summary>A script that takes long to be judged may find its place taken all the same; then its last event says so.</summary>
    public BrokerError? Admit(BrokerSession session) => enclave is EnclaveHost pool ? _admitted.Add(session, pool.Look) : null;

    public void Forgo(BrokerSession session) => _admitted.Remove(session);

    public async Task RunAsync(BrokerSession session)
    {
        ExecutionSession run;
        try
        {
            run = enclave.OpenSession(session.Request.Code, Options(session));
        }
        catch (Exception fault) when (fault is ArgumentException or ObjectDisposedException)
        {
            string code = fault is ArgumentException ? "VALIDATION_ERROR" : "POOL_DISPOSED";
            session.Add(new Final { Ok = false, Error = new ErrorInfo(WireJson.Text(fault.Message), code), Stats = new FinalStats(0, 0, 0) });
            return;
        }
        finally
        {
            // It is in the queue by now, where it is counted.
            _admitted.Remove(session);
        }

        session.Position = () => run.Position?.Invoke();

        await using (run.ConfigureAwait(false))
        {
            var wire = new WireEvents
            {
                Began = run.CreatedAt,
                Cancel = WireCancel.FinalOnly,
                PendingArgs = (call) => run.PendingToolCalls.FirstOrDefault((pending) => pending.CallId == call)?.Args,
                DeadlineMs = (long?)session.Terms.Deadline?.TotalMilliseconds,
                CancelOnFirstError = session.Terms.CancelOnFirstError,
            };
            if (session.Request.ClientTools.Count > 0) session.Calls = new ClientCalls(run);
            using CancellationTokenRegistration stop = session.Stopping.Register(() => _ = run.CancelAsync(session.End is { Kind: SessionEndKind.Deadline } ? wire.PassDeadline() : session.End?.Reason));
            await foreach (ExecutionEvent happened in run.Events().ConfigureAwait(false))
            {
                // Hearts beat in the queue as well.
                if (happened is not HeartbeatEvent) session.Position = null;
                foreach (EventPayload payload in wire.Of(happened)) session.Add(payload);
            }
        }
    }

    private SessionOptions Options(BrokerSession session)
    {
        SessionTerms terms = session.Terms;
        return new SessionOptions
        {
            Ttl = terms.Ttl,
            MaxToolCalls = terms.MaxToolCalls,
            MaxConsoleBytes = terms.MaxStdoutBytes,
            MaxToolResultBytes = terms.MaxToolResultBytes,
            ToolTimeout = terms.ToolTimeout,
            HeartbeatInterval = terms.Heartbeat,
            OutsideTools = session.Request.ClientTools,
            BeforeHostTool = session.CallKept,
            RefuseCallsAfterFailure = terms.CancelOnFirstError,
            Run = new RunOptions
            {
                Tenant = session.Caller.Tenant,
                MemoryLimit = terms.MemoryLimit is { } asked ? Math.Min(asked, host.MemoryLimit) : null,
                Globals = session.Request.Globals,
                Context = new BrokerRun(session.Id, session.Caller.Owner),
                MaxBufferedEventBytes = BufferedBytes,
            },
        };
    }
}
