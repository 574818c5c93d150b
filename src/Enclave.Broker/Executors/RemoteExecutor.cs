using Enclave.Broker.Diagnostics;
using Enclave.Broker.Errors;
using Enclave.Broker.Executors.Transports;
using Enclave.Broker.Sessions;
using Enclave.Remote;
using Enclave.Streaming;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.Executors;

/// <summary>
/// Runs sessions on runtimes. If a runtime refuses a session, or is lost before the script did anything, the
/// next one is tried. A script that did something never runs twice.
/// </summary>
internal sealed class RemoteExecutor(IRuntimeTransport transport, RemoteTools tools, BrokerMetrics metrics, TimeProvider clock, ILogger log) : IExecutor
{

    /// <summary>
    /// How long a runtime may take to end a session that was cancelled or timed out. Then the broker closes the connection, or orders a drop.
    /// </summary>
    private static readonly TimeSpan s_endTime = TimeSpan.FromSeconds(2);

    public bool IsReady => transport.IsReady;

    public BrokerError? Admit(BrokerSession session) => transport.Admit(session);

    public async Task RunAsync(BrokerSession session)
    {
        if (session.Request.Globals is not null)
        {
            session.Add(session.Failure(
                ErrorCode.ValidationError.ToCode(),
                "context is not sent to runtimes: write the values into the script, or provide them through a tool"));
            return;
        }

        TimeSpan interval = session.Terms.HeartbeatInterval;
        using ITimer heart = clock.CreateTimer((_) => session.Add(new Heartbeat(clock.GetUtcNow())), null, interval, interval);
        int tried = 0;
        foreach (IRuntimeTarget target in transport.Targets(session))
        {
            if (session.Stopping.IsCancellationRequested) break;
            using var attempt = new RemoteAttempt(session, s_endTime, tools, clock, log)
            {
                Opened = () => metrics.Waited(session.Duration, transport.Name, target.Queue),
            };
            switch (await attempt.RunAsync(target).ConfigureAwait(false))
            {
                case AttemptOutcome.Ended: return;
                case AttemptOutcome.LostAfterBegin:
                    session.Add(session.Failure(SessionCode.RuntimeLost, LostRun.Message("the runtime", attempt.Calls), attempt.StdoutBytes));
                    return;
                case AttemptOutcome.Refused:
                    session.Add(session.Failure(attempt.Refusal!.Code!, attempt.Refusal.Message));
                    return;
            }

            tried++;
            if (!session.Stopping.IsCancellationRequested && target.Fault is { } fault) BrokerLog.RuntimeFailed(log, target.Name, fault);
        }

        if (session.Stopping.IsCancellationRequested)
        {
            session.Add(RemoteAttempt.Stopped(session));
            return;
        }

        ErrorInfo unavailable = transport.Unavailable(tried);
        session.Add(session.Failure(unavailable.Code!, unavailable.Message));
    }
}
