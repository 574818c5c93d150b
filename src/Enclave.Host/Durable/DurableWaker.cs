using Enclave.Diagnostics;
using Enclave.Journals;
using Enclave.Limits;

namespace Enclave.Durable;

/// <summary>Looks for runs that are due, and has them resumed: some at a time, so that fresh runs keep their share of the workers.</summary>
/// <param name="host">The host.</param>
/// <param name="wake">Resumes a run. False if the host could not run it now.</param>
/// <param name="here">The runs that this host has. They are due until they have left.</param>
#pragma warning disable CA1001 // Without timers and wait handles, a source and a semaphore hold nothing.
internal sealed class DurableWaker(DurableHost host, Func<RunKey, CancellationToken, Task<bool>> wake, Func<IReadOnlyCollection<RunKey>> here)
#pragma warning restore CA1001
{
    private const int Page = 100;

    private static readonly RetryDelay s_retry = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30));
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_remembered = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _slots = new(host.MaxWaking);
    private readonly Lock _gate = new();
    // Runs that are being woken, and those that could not be and have to wait.
    private readonly Dictionary<RunKey, (int Failures, DateTimeOffset? Not)> _busy = [];
    private bool _isStarted;
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
    public void Signal()
    {
        TaskCompletionSource changed;
        lock (_gate) (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        changed.TrySetResult();
    }

    /// <summary>Completes at this change, at this moment, or when it is time to look at what other processes did.</summary>
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
            // A run that is due is woken as soon as it may be. One that has not been for long is gone, and its failures with it.
            foreach ((RunKey over, _) in _busy.Where((busy) => busy.Value.Not + (busy.Value.Failures == 0 ? TimeSpan.Zero : s_remembered) <= now).ToArray())
                _busy.Remove(over);
            except = [.. _busy.Where((busy) => busy.Value.Not is null || busy.Value.Not > now).Select((busy) => busy.Key)];
            if (_busy.Values.Where((busy) => busy.Not > now).Select((busy) => busy.Not).Min() is { } retry) next = retry;
        }

        except.UnionWith(here());
        IReadOnlyList<RunKey> due = await host.Store.DueAsync(now, Page, except, _stop.Token).ConfigureAwait(false);
        foreach (RunKey key in due)
        {
            await _slots.WaitAsync(_stop.Token).ConfigureAwait(false);
            lock (_gate) _busy[key] = (_busy.GetValueOrDefault(key).Failures, null);
            _ = WakeAsync(key);
        }

        if (due.Count == Page) return now;
        if (await host.Store.NextDueAsync(now, _stop.Token).ConfigureAwait(false) is { } later && (next is null || later < next)) next = later;
        return next;
    }

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
#pragma warning disable CA1031 // The host goes on with other runs, and tries again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            int failures = Delay(key);
            if (!_stop.IsCancellationRequested) Log.DurableRunNotResumed(host.Log, LogText.Name(key.Name), failures, fault);
        }
        finally
        {
            _slots.Release();
            Signal();
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
