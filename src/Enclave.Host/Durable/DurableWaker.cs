using Enclave.Diagnostics;
using Enclave.Journals;
using Enclave.Limits;

namespace Enclave.Durable;

/// <summary>Looks for runs that are due, and has them resumed: some at a time, so that fresh runs keep their share of the workers.</summary>
/// <param name="host">The host.</param>
/// <param name="wake">Resumes a run.</param>
#pragma warning disable CA1001 // Without timers and wait handles, a source and a semaphore hold nothing.
internal sealed class DurableWaker(DurableHost host, Func<RunKey, CancellationToken, Task> wake)
#pragma warning restore CA1001
{
    private const int Page = 100;

    private static readonly RetryDelay s_retry = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30));

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _slots = new(host.MaxWaking);
    private readonly Lock _gate = new();
    private readonly Dictionary<RunKey, (int Failures, DateTimeOffset Not)> _failed = [];
    private bool _isStarted;
    private TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it has stopped.</summary>
    public Task Stopped { get; private set; } = Task.CompletedTask;

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
        TaskCompletionSource signal;
        lock (_gate) (signal, _signal) = (_signal, new(TaskCreationOptions.RunContinuationsAsynchronously));
        signal.TrySetResult();
    }

    /// <summary>Completes at the next signal, at this time, or when it is time to look at what other processes did.</summary>
    public async Task NextAsync(DateTimeOffset? due, CancellationToken cancellationToken)
    {
        Task signal;
        lock (_gate) signal = _signal.Task;
        TimeSpan wait = due - host.Clock.GetUtcNow() ?? TimeSpan.FromHours(1);
        if (wait > host.Store.PollInterval) wait = host.Store.PollInterval.Value;
        // A moment that has come is looked at at once, but a run that cannot be taken does not make this spin.
        if (wait < TimeSpan.FromMilliseconds(1)) wait = TimeSpan.FromMilliseconds(1);
        if (wait > TimeSpan.FromHours(1)) wait = TimeSpan.FromHours(1);
        await Task.WhenAny(signal, Task.Delay(wait, host.Clock, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task RunAsync()
    {
        int failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                // Taken before the look, so that no signal is lost.
                Task signal;
                lock (_gate) signal = _signal.Task;
                bool isMore = await LookAsync().ConfigureAwait(false);
                failures = 0;
                if (isMore || signal.IsCompleted) continue;
                DateTimeOffset? next = await host.Store.NextDueAsync(_stop.Token).ConfigureAwait(false);
                // A run that is due and could not be woken is tried again after its own time.
                if (next <= host.Clock.GetUtcNow()) next = host.Clock.GetUtcNow() + s_retry.First;
                await NextAsync(next, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (JournalException fault)
            {
                Log.DurableStoreFailed(host.Log, fault);
                await Task.Delay(s_retry.Spread(++failures), host.Clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Wakes runs that are due. True if there may be more.</summary>
    private async Task<bool> LookAsync()
    {
        DateTimeOffset now = host.Clock.GetUtcNow();
        IReadOnlyList<RunKey> due = await host.Store.DueAsync(now, Page, _stop.Token).ConfigureAwait(false);
        bool woke = false;
        foreach (RunKey key in due)
        {
            lock (_gate)
            {
                if (_failed.TryGetValue(key, out (int Failures, DateTimeOffset Not) before) && before.Not > now) continue;
            }

            await _slots.WaitAsync(_stop.Token).ConfigureAwait(false);
            woke = true;
            _ = WakeAsync(key);
        }

        return woke && due.Count == Page;
    }

    private async Task WakeAsync(RunKey key)
    {
        try
        {
            await wake(key, _stop.Token).ConfigureAwait(false);
            lock (_gate) _failed.Remove(key);
        }
#pragma warning disable CA1031 // The host goes on with other runs, and tries again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (_stop.IsCancellationRequested) return;
            int failures;
            lock (_gate)
            {
                failures = _failed.GetValueOrDefault(key).Failures + 1;
                _failed[key] = (failures, host.Clock.GetUtcNow() + s_retry.After(failures));
            }

            // Another host was faster.
            if (fault is not JournalException { Fault: JournalFault.Busy or JournalFault.NotFound }) Log.DurableRunNotResumed(host.Log, LogText.Name(key.Name), failures, fault);
        }
        finally
        {
            _slots.Release();
        }
    }
}
