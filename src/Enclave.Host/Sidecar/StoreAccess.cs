using Enclave.Diagnostics;
using Enclave.Workers;
using Microsoft.Extensions.Logging;

namespace Enclave.Sidecar;

/// <summary>Uses the store within one deadline. The store may throw, hang, block, or answer too late.</summary>
internal sealed class StoreAccess : IDisposable
{
    private const string Reading = "give a value back";

    /// <summary>The least time for removing a late value: no caller waits for it.</summary>
    private static readonly TimeSpan s_unhurried = TimeSpan.FromSeconds(10);

    private readonly IReferenceStore _store;
    private readonly HandlerTurns _turns;
    private readonly SidecarOptions _options;
    private readonly ILogger _log;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _deadline;

    public StoreAccess(IReferenceStore store, HandlerTurns turns, SidecarOptions options, ILogger log, CancellationToken caller)
    {
        (_store, _turns, _options, _log, _caller) = (store, turns, options, log, caller);
        _deadline = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _deadline.CancelAfter(options.StorageTimeout);
    }

    /// <exception cref="ToolException">The store failed, or was too slow. The value is then not stored.</exception>
    /// <exception cref="OperationCanceledException">The caller does not wait any more.</exception>
    public async Task SetAsync(string key, ReadOnlyMemory<byte> value)
    {
        Task<bool> set = Start(async (token) =>
        {
            await _store.SetAsync(key, value, _options.Ttl, token).ConfigureAwait(false);
            return true;
        });
        try
        {
            await Wait(set, "keep a value").ConfigureAwait(false);
        }
        catch
        {
            // The store may still keep the value later, under a key that no script has.
            _ = ForgetAsync(set, key);
            throw;
        }
    }

    /// <inheritdoc cref="SetAsync" path="/exception"/>
    public Task<byte[]?> GetAsync(string key) => Wait(Start((token) => _store.GetAsync(key, token).AsTask()), Reading);

    /// <inheritdoc cref="SetAsync" path="/exception"/>
    public Task RemoveAsync(string key) => Wait(
        Start(async (token) =>
        {
            await _store.RemoveAsync(key, token).ConfigureAwait(false);
            return true;
        }),
        "remove a value");

    /// <summary>Waits while another caller reads the same value, as part of the same deadline.</summary>
    /// <inheritdoc cref="SetAsync" path="/exception"/>
    public async Task EnterAsync(SemaphoreSlim gate)
    {
        try
        {
            await gate.WaitAsync(_deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_caller.IsCancellationRequested)
        {
            throw ReferenceFault.TimedOut(Reading, _options.StorageTimeout);
        }
    }

    public void Dispose() => _deadline.Dispose();

    /// <summary>Call the store on another thread: a store that blocks must not hold the caller beyond its deadline.</summary>
    private Task<T> Start<T>(Func<CancellationToken, Task<T>> call)
    {
        CancellationToken token = _deadline.Token;
        return _turns.Run(() => token.IsCancellationRequested ? Task.FromCanceled<T>(token) : call(token));
    }

    private async Task<T> Wait<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(_deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_caller.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException) when (_deadline.IsCancellationRequested)
        {
            throw ReferenceFault.TimedOut(what, _options.StorageTimeout);
        }
#pragma warning disable CA1031 // A store may throw anything. Its message may name its hosts, so only the log gets it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.StoreFailed(_log, what, fault);
            throw ReferenceFault.Failed(what);
        }
    }

    private async Task ForgetAsync(Task set, string key)
    {
        await set.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        SidecarOptions patient = _options.StorageTimeout < s_unhurried ? _options with { StorageTimeout = s_unhurried } : _options;
        using var access = new StoreAccess(_store, _turns, patient, _log, CancellationToken.None);
        await access.RemoveAsync(key).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
