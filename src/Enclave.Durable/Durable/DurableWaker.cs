using Enclave.Diagnostics;
using Enclave.Journals;
using Enclave.Limits;

namespace Enclave.Durable;

/// <summary>
/// Looks for runs that are due, and has them resumed: some at a time, so that fresh runs keep their share of the workers, and in turn between tenants.
/// </summary>
/// <remarks>
/// A tenant without a run that is being woken gets a place beyond the limit, so that other tenants' floods do not keep it out. At most twice the limit of runs
/// are woken at a time. The pool then starts the jobs in turn, as it does with fresh ones.
/// </remarks>
/// <param name="host">The host.</param>
/// <param name="wake">Resumes a run. False if the host could not run it now.</param>
/// <param name="here">The runs that this host has. The store reports them as due until they have left.</param>
#pragma warning disable CA1001 // Without timers and wait handles, a source and a semaphore hold nothing.
internal sealed class DurableWaker(DurableHost host, Func<RunKey, CancellationToken, Task<bool>> wake, Func<IReadOnlyCollection<RunKey>> here)
#pragma warning restore CA1001
{
    /// <summary>The most runs of one query, and the most queries of one look. Later queries leave out the tenants of earlier ones.</summary>
    private const int Page = 100, MaxPages = 32;

    private static readonly RetryDelay s_retry = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30));
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_remembered = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    // Runs that were due at the last look and have no place yet, in the order of the store.
    private readonly List<RunKey> _ready = [];
    // How many runs of each tenant are being woken.
    private readonly Dictionary<string, int> _waking = new(StringComparer.Ordinal);
    // Runs that are being woken, and those that could not be and have to wait.
    private readonly Dictionary<RunKey, (int Failures, DateTimeOffset? Not)> _busy = [];
    private bool _isStarted;
    // A run may have become due since the last look.
    private bool _isStale = true;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it has stopped.</summary>
    public Task Stopped { get; private set; } = Task.CompletedTask;

    /// <summary>Completes at the next change of a run.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate) return _changed.Task;
        }
    }

    public void Start()
    {
        lock (_gate)
        {
            if (_isStarted) return;
            _isStarted = true;
            Stopped = Task.Run(RunAsync);
        }
    }

    public void Stop() => _stop.Cancel();

    /// <summary>Something changed: a run may be due.</summary>
    public void Signal() => Signal(isStale: true);

    private void Signal(bool isStale)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _isStale |= isStale;
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.TrySetResult();
    }

    /// <summary>Completes at this change, at this moment, or when it is time to poll for changes of other processes.</summary>
    public async Task NextAsync(Task changed, DateTimeOffset? moment, CancellationToken cancellationToken)
    {
        DateTimeOffset next = host.Now + (host.Store.PollInterval ?? s_longest);
        if (moment < next) next = moment.Value;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task delay = Task.CompletedTask;
        MomentTimer.Make(host.Clock, (now) =>
        {
            // Later than the moment rather than before it: a timer drops parts of a millisecond, and each look asks the store.
            TimeSpan wait = TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling((next - now).TotalMilliseconds)));
            delay = Task.Delay(wait, host.Clock, over.Token);
        });
        if (host.Now < next) await Task.WhenAny(changed, delay).ConfigureAwait(false);
        // The timer ends with the wait.
        await over.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task RunAsync()
    {
        int failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            // Taken before the look, so that no change is lost.
            Task changed = Changed;
            DateTimeOffset? moment;
            try
            {
                moment = await LookAsync().ConfigureAwait(false);
                failures = 0;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The store is asked again, whatever it failed with.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Log.DurableStoreFailed(host.Log, fault);
                (changed, moment) = (Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token), host.Now + s_retry.Spread(++failures));
            }

            await NextAsync(changed, moment, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Other processes do not notify this one of their changes, so the list may be out of date.
            if (!changed.IsCompleted) lock (_gate) _isStale = true;
        }
    }

    /// <summary>Wakes runs that are due. Returns when to look again; null if nothing is due by itself.</summary>
    private async Task<DateTimeOffset?> LookAsync()
    {
        DateTimeOffset now = host.Now;
        HashSet<RunKey> except;
        DateTimeOffset? next = null;
        lock (_gate)
        {
            // Forgets a run when its pause is over, and a failed one, with its number of failures, five minutes later.
            foreach ((RunKey over, _) in _busy.Where((busy) => busy.Value.Not + (busy.Value.Failures == 0 ? TimeSpan.Zero : s_remembered) <= now).ToArray())
                _busy.Remove(over);
            except = [.. _busy.Where((busy) => busy.Value.Not is null || busy.Value.Not > now).Select((busy) => busy.Key)];
            if (_busy.Values.Where((busy) => busy.Not > now).Select((busy) => busy.Not).Min() is { } retry) next = retry;
        }

        bool isWhole = true, isStale;
        lock (_gate) isStale = _isStale || _ready.Count == 0;
        if (isStale)
        {
            lock (_gate) _isStale = false;
            except.UnionWith(here());
            (List<RunKey> due, isWhole) = await FindAsync(now, except).ConfigureAwait(false);
            lock (_gate)
            {
                _ready.Clear();
                _ready.AddRange(due);
            }
        }

        while (NextRun() is { } key) _ = WakeAsync(key);
        // Runs without a place get one when another run has left, which signals a change.
        lock (_gate) if (!isWhole && _ready.Count == 0) return now;
        if (await host.Store.NextDueAsync(now, _stop.Token).ConfigureAwait(false) is { } later && (next is null || later < next)) next = later;
        return next;
    }

    /// <summary>Finds due runs, of as many tenants as there are places. IsWhole is false if more may be due.</summary>
    private async Task<(List<RunKey> Due, bool IsWhole)> FindAsync(DateTimeOffset now, HashSet<RunKey> except)
    {
        var due = new List<RunKey>();
        var passed = new HashSet<string>(StringComparer.Ordinal);
        for (int pages = 0; pages < MaxPages && passed.Count < MostWaking; pages++)
        {
            IReadOnlyList<RunKey> page = await host.Store.DueAsync(now, Page, except, passed, _stop.Token).ConfigureAwait(false);
            due.AddRange(page);
            if (page.Count < Page) return (due, pages == 0);
            passed.UnionWith(page.Select(TenantOf));
        }

        return (due, false);
    }

    /// <summary>Takes a place for the next run to wake, of the tenant with the fewest runs that are being woken. Null without a run or a place.</summary>
    private RunKey? NextRun()
    {
        lock (_gate)
        {
            if (_ready.Count == 0) return null;
            RunKey next = _ready.MinBy((key) => _waking.GetValueOrDefault(TenantOf(key)));
            string tenant = TenantOf(next);
            int own = _waking.GetValueOrDefault(tenant), all = _waking.Values.Sum();
            if (all >= (own == 0 ? MostWaking : host.MaxWaking)) return null;
            _ready.Remove(next);
            _waking[tenant] = own + 1;
            _busy[next] = (_busy.GetValueOrDefault(next).Failures, null);
            return next;
        }
    }

    private int MostWaking => 2 * host.MaxWaking;

    private static string TenantOf(RunKey key) => RunKey.MarkOf(key.Tenant);

    private async Task WakeAsync(RunKey key)
    {
        try
        {
            // An answer makes a run due at once, also one that waits for a place.
            if (!await wake(key, _stop.Token).ConfigureAwait(false)) Delay(key);
            else lock (_gate) _busy.Remove(key);
        }
        catch (JournalException fault) when (fault.IsTaken || fault.Fault is JournalFault.Busy or JournalFault.NotFound)
        {
            // Another host was faster.
            lock (_gate) _busy[key] = (0, host.Now + s_retry.First);
        }
#pragma warning disable CA1031 // The host continues with other runs, and tries again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            int failures = Delay(key);
            if (!_stop.IsCancellationRequested) Log.DurableRunNotResumed(host.Log, LogText.Name(key.Name), failures, fault);
        }
        finally
        {
            lock (_gate)
            {
                string tenant = TenantOf(key);
                if (--_waking[tenant] == 0) _waking.Remove(tenant);
            }

            Signal(isStale: false);
        }
    }

    /// <summary>Leaves a run alone for a while, longer each time. Returns how often in a row.</summary>
    private int Delay(RunKey key)
    {
        lock (_gate)
        {
            int failures = _busy.GetValueOrDefault(key).Failures + 1;
            _busy[key] = (failures, host.Now + s_retry.After(failures));
            return failures;
        }
    }
}
