using Enclave.Durable;
using Enclave.Journals;

namespace Enclave;

/// <content>Runs with a waiting caller. The call that waits or the host wakes such a run: both use the options of the caller.</content>
public sealed partial class DurableRuns
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Completes when the run has ended, here or elsewhere. This host resumes it whenever it is due.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">As for <see cref="EnclaveDurableExtensions.ResumeAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait. The run continues.</param>
    /// <exception cref="JournalException">There is no such run, the store failed, or the journal is refused.</exception>
    public async Task<DurableRun> WaitAsync(string name, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        options ??= new RunOptions();
        var key = new RunKey(options.Tenant, name);
        // This call or the host may wake the run: both use these options.
        Keep(key, options);
        try
        {
            return await WaitForAsync(key, options, static (_) => false, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Release(key, options);
        }
    }

    /// <summary>Starts a run, and completes when it has ended.</summary>
    internal async Task<DurableRun> RunAsync(string code, RunOptions options, CancellationToken cancellationToken)
    {
        try
        {
            DurableRun run = await StartAsync(code, options, isAwaited: true, cancellationToken).ConfigureAwait(false);
            return run.State == DurableRunState.Ended ? run : await WaitAsync(run.Name, options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Release(new RunKey(options.Tenant, options.Durable!), options);
        }
    }

    /// <summary>From here on this host resumes the run with these options.</summary>
    internal void Keep(string name, RunOptions options) => Keep(new RunKey(options.Tenant, name), options);

    /// <summary>Forgets the options of a run that has ended, or whose caller has left.</summary>
    internal void Forget(string name, string? tenant)
    {
        lock (_gate) _given.Remove(new RunKey(tenant, name));
    }

    /// <summary>As <see cref="WaitAsync"/>, but completes as soon as the run is as the caller wants it.</summary>
    internal Task<DurableRun> WaitForAsync(string name, RunOptions options, Func<DurableRun, bool> isEnough, CancellationToken cancellationToken) =>
        WaitForAsync(new RunKey(options.Tenant, name), options, isEnough, cancellationToken);

    /// <summary>Completes when the run has ended, or is as the caller wants it.</summary>
    private async Task<DurableRun> WaitForAsync(RunKey key, RunOptions options, Func<DurableRun, bool> isEnough, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before the look, so that no change is lost.
            Task changed = _waker.Changed;
            DurableRun run = await FindAsync(key.Name, key.Tenant, cancellationToken).ConfigureAwait(false) ?? throw Unknown(key.Name);
            if (run.State == DurableRunState.Ended || isEnough(run)) return run;
            DateTimeOffset? moment = run.Due;
            if (run.State != DurableRunState.Suspended || moment <= _host.Now)
            {
                try
                {
                    run = await ResumeAsync(key.Name, options, cancellationToken).ConfigureAwait(false);
                    if (run.State == DurableRunState.Ended) return run;
                    if (!run.IsDelayed) continue;
                    moment = _host.Now + s_patience;
                }
                catch (JournalException fault) when (fault.Fault == JournalFault.Busy || fault.IsTaken)
                {
                    // Another host has it, or has taken it meanwhile.
                    moment = _host.Now + s_patience;
                }
            }

            await _waker.NextAsync(changed, moment, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Keep(RunKey key, RunOptions options)
    {
        lock (_gate) _given[key] = options;
    }

    private void Release(RunKey key, RunOptions options)
    {
        lock (_gate)
        {
            if (_given.GetValueOrDefault(key) == options) _given.Remove(key);
        }
    }
}
