using Enclave.Broker.Diagnostics;
using Enclave.Broker.Sessions;
using Enclave.Streaming;
using Enclave.Tools;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.Executors;

/// <summary>Runs sessions on runtimes over WebSocket. One that cannot take a session, or is lost before the script did anything, is followed by the next; a script that did something is never run twice.</summary>
internal sealed class RemoteExecutor(RuntimeOptions options, RuntimeSelector runtimes, RemoteTools tools, TimeProvider clock, ILogger log) : IExecutor
{
    private const string Unavailable = "RUNTIME_UNAVAILABLE", Lost = "RUNTIME_LOST";

    public bool IsReady => runtimes.AnyIsWorthAsking;

    public async Task RunAsync(BrokerSession session)
    {
        if (session.Request.Globals is not null)
        {
            session.Add(Failure(session, "VALIDATION_ERROR", "context is not carried to runtimes: write the values into the script, or let a tool give them"));
            return;
        }

        TimeSpan interval = session.Terms.Heartbeat;
        using ITimer heart = clock.CreateTimer((_) => session.Add(new Heartbeat(clock.GetUtcNow())), null, interval, interval);
        var faults = new List<string>();
        foreach (RemoteRuntime runtime in runtimes.Order())
        {
            if (session.Stopping.IsCancellationRequested) break;
            using var attempt = new RemoteAttempt(session, options, tools, clock, log);
            runtime.Enter();
            try
            {
                switch (await attempt.RunAsync(runtime).ConfigureAwait(false))
                {
                    case AttemptOutcome.Ended: return;
                    case AttemptOutcome.LostAfterBegin:
                        session.Add(Failure(session, Lost, $"the runtime was lost {(attempt.Calls == 0 ? "before the script called a tool" : $"after {attempt.Calls} tool call{(attempt.Calls == 1 ? "" : "s")}")}; the script was not run again, since it may have done something", attempt.StdoutBytes));
                        return;
                }
            }
            finally
            {
                runtime.Leave();
            }

            faults.Add($"{runtime.Address}: {runtime.Fault}");
            Log.RuntimeFailed(log, runtime.Address, runtime.Fault ?? "");
        }

        if (session.Stopping.IsCancellationRequested) session.Add(RemoteAttempt.Stopped(session));
        else session.Add(Failure(session, Unavailable, faults.Count == 1 ? "the runtime is not to be had, or has no room; the broker's log says why" : $"none of {faults.Count} runtimes is to be had, or has room; the broker's log says why"));
    }

    private static Final Failure(BrokerSession session, string code, string message, long stdout = 0) =>
        new() { Ok = false, Error = new ErrorInfo(message, code), Stats = new FinalStats(Math.Round(session.Duration.TotalMilliseconds), session.ToolCalls, stdout) };
}
