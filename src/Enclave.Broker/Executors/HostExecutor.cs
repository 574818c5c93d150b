using Enclave.Broker.Access;
using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;
using Enclave.Queues;
using Enclave.SessionWire;
using Enclave.Streaming;

namespace Enclave.Broker.Executors;

/// <summary>Runs sessions on the application's own host.</summary>
internal sealed class HostExecutor : IExecutor
{
    /// <summary>
    /// Size of the buffer between the run and the encoding of its events: room for the largest event and many small ones. An event that does not fit is
    /// dropped, and a later event reports the loss.
    /// </summary>
    private const long BufferedBytes = 64 << 20;

    private const int BufferedEvents = 16 << 10;

    private readonly Lock _gate = new();
    private readonly QueueSeats _seats;

    private readonly IEnclave _enclave;
    private readonly EnclaveOptions _host;

    public HostExecutor(IEnclave enclave, EnclaveOptions host) => (_enclave, _host, _seats) = (enclave, host, new QueueSeats(_gate));

    public bool IsReady => !_enclave.GetSnapshot().IsCrashLooping;

    /// <summary>While the guard examines a long script, other sessions may fill the queue. Then the session's last event reports the full queue.</summary>
    public BrokerError? Admit(BrokerSession session)
    {
        string tenant = IQueued.KeyOf(session.Caller.Tenant);
        // Check quotas before anything is stored. If other runs use up a quota meanwhile, the session's last event reports that.
        if (_enclave.Parts?.Pipeline.Gated is { } gate && gate.WhyNot(RunOf(session.Caller, session.Request, session.Id).Within(_host.Limits)) is { } refusal)
            return BrokerError.OfTenant(refusal);
        lock (_gate)
        {
            QueueVerdict verdict = _enclave.CheckQueueRoom(session.Caller.Tenant, _seats.Ahead(tenant));
            if (verdict == QueueVerdict.Added) session.Seat = _seats.Take(tenant);
            return BrokerError.Of(verdict, nameof(WorkerPoolOptions.MaxQueueSize), nameof(WorkerPoolOptions.MaxQueuedPerTenant));
        }
    }

    public async Task RunAsync(BrokerSession session)
    {
        ExecutionSession run;
        try
        {
            run = _enclave.OpenSession(session.Request.Code, Options(session));
        }
        catch (Exception fault) when (fault is ArgumentException or ObjectDisposedException)
        {
            string code = fault is ArgumentException ? ErrorCode.ValidationError.ToCode() : ErrorCode.PoolDisposed.ToCode();
            session.Add(session.Failure(code, WireJson.Text(fault.Message)));
            return;
        }
        finally
        {
            // The session is now counted in the queue itself.
            session.Seat?.Dispose();
        }

        session.Waiting = run.GetQueuePosition;

        await using (run.ConfigureAwait(false))
        {
            var wire = new WireEvents
            {
                Cancel = WireCancel.FinalOnly,
                PendingArgs = (call) => run.PendingToolCalls.FirstOrDefault((pending) => pending.CallId == call)?.Args,
                DeadlineMs = (long?)session.Deadline?.TotalMilliseconds,
                CancelOnFirstError = session.Terms.RefuseCallsAfterFailure,
                MaxEventBytes = session.MaxEventBytes,
                FailCall = (call, why) => run.TryFailToolCall(call, why.Name, why.Message, why.Code),
            };
            if (session.Request.ClientTools.Count > 0) session.Calls = new ClientCalls(run);
            using CancellationTokenRegistration stop = session.Stopping
                .Register(() => _ = run.CancelAsync(session.End is { Kind: SessionEndKind.Deadline } ? wire.PassDeadline() : session.End?.Reason));
            await WireReader.ReadAsync(run, wire, Heard, Tell).ConfigureAwait(false);
        }

        // Heartbeats are sent in the queue as well.
        void Heard(ExecutionEvent happened)
        {
            if (happened is not HeartbeatEvent) session.Waiting = null;
        }

        ValueTask Tell(EventPayload payload)
        {
            session.Add(payload);
            return ValueTask.CompletedTask;
        }
    }

    private EnclaveSessionOptions Options(BrokerSession session) => session.Terms with
    {
        OutsideTools = session.Request.ClientTools,
        BeforeHostTool = session.Journal is { } journal ? journal.WhenKept : null,
        Run = RunOf(session.Caller, session.Request, session.Id).Within(_host.Limits) with
        {
            MaxBufferedEvents = BufferedEvents,
            MaxBufferedEventBytes = BufferedBytes,
        },
    };

    /// <summary>The run that a request asks for, without its limits of time and number.</summary>
    public static RunOptions RunOf(Caller caller, SessionRequest request, string id) => new()
    {
        Tenant = caller.Tenant,
        RunId = id,
        MemoryLimit = request.Limits.MemoryLimit,
        Globals = request.Globals,
        Language = request.Language,
        IsOfModel = request.OfModel,
        Context = new BrokerRun(id, caller.Owner),
    };
}
