using System.Collections.Concurrent;
using Enclave.Client.Http;

namespace Enclave.Client.Sessions;

/// <summary>Tracks the sessions of one client that have no result yet, and the cancels that are still being sent.</summary>
internal sealed class SessionRunner(BrokerConnection broker, EnclaveClientOptions options) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<SessionRun, TaskCompletionSource> _runs = new();
    private readonly ConcurrentDictionary<Task, bool> _farewells = new();
    private int _disposed;

    public SessionRun Start(ClientSessionPlan plan, SessionEventFeed? feed)
    {
        var run = new SessionRun(broker, options, plan, feed);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _runs[run] = done;
        _ = FollowAsync(run, done);
        // Disposal may have run before this session was added.
        if (_disposed != 0) Abandon(run);
        return run;
    }

    public bool IsDisposed => _disposed != 0;

    /// <summary>Cancels a session for its caller, and waits for the broker's answer.</summary>
    public async Task<CancelOutcome> CancelAsync(SessionRun run, string? reason, CancellationToken cancellation)
    {
        if (!run.TryStop(new SessionStop(ClientErrorCodes.Cancelled, reason ?? "Session cancelled", SessionStopOrigin.Cancel)))
            return CancelOutcome.AlreadyEnded;
        // The last event may have arrived meanwhile.
        await run.Completion.ConfigureAwait(false);
        return run.EndedByStop
            ? await BrokerCancel.SendAsync(broker, options, run.Name, reason, cancellation).ConfigureAwait(false)
            : CancelOutcome.AlreadyEnded;
    }

    /// <summary>Cancels a session. The broker is notified in the background.</summary>
    public static void Abandon(SessionRun run) => run.TryStop(new SessionStop(ClientErrorCodes.Cancelled, "Session cancelled", SessionStopOrigin.Abandon));

    /// <summary>Stops reading a session without cancelling it.</summary>
    public static void Detach(SessionRun run) => run.TryStop(new SessionStop(ClientErrorCodes.Cancelled, "Session left", SessionStopOrigin.Detach));

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        foreach (SessionRun run in _runs.Keys) Abandon(run);
        await Task.WhenAll(_runs.Values.Select((done) => done.Task)).ConfigureAwait(false);
        await Task.WhenAll(_farewells.Keys).ConfigureAwait(false);
    }

    private async Task FollowAsync(SessionRun run, TaskCompletionSource done)
    {
        await run.RunAsync().ConfigureAwait(false);
        if (run.NeedsCancel) Say(BrokerCancel.SendAsync(broker, options, run.Name, null, CancellationToken.None));
        _runs.TryRemove(run, out _);
        done.SetResult();
    }

    private void Say(Task farewell)
    {
        _farewells[farewell] = true;
        _ = farewell.ContinueWith(
            (done) => _farewells.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
