using System.Collections.Concurrent;
using Enclave.Diagnostics;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Workers;
using Microsoft.Extensions.Logging;

namespace Enclave.Sidecar;

/// <summary>The sidecar of one host: its store, its limits, and its tasks that outlive their runs.</summary>
internal sealed class ReferenceSidecar(SidecarOptions options, SecurityLevel level, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan s_more = TimeSpan.FromSeconds(5);

    private readonly IReferenceStore _store = options.Storage ?? new MemoryReferenceStore();
    private readonly ConcurrentDictionary<Task, bool> _underWay = new();

    /// <summary>The turns of all removals, so that removals hold no thread that a run needs.</summary>
    private readonly HandlerTurns _removals = new("");

    public SidecarOptions Options { get; } = options;

    public SidecarLimits Limits { get; } = SidecarLimits.For(options, level);

    /// <param name="tenant">The tenant of the run.</param>
    /// <param name="maxLoadBytes">The largest value that fits into a message to the worker.</param>
    /// <param name="maxMemory">The most bytes in .NET for all values that are resolved in one value.</param>
    public ReferenceRun Begin(string? tenant, int maxLoadBytes, long maxMemory) => new(this, ReferenceKey.Tenant(tenant), maxLoadBytes, maxMemory);

    /// <summary>The store, with the deadline of one step.</summary>
    /// <param name="turns">Those of the run for which the store works.</param>
    /// <param name="caller">Cancelled when the caller no longer waits.</param>
    public StoreAccess Access(HandlerTurns turns, CancellationToken caller) => new(_store, turns, Options, log, caller);

    /// <summary>The value of a token; null if this tenant has none.</summary>
    /// <exception cref="IOException">The store failed, was too slow, or returned something else.</exception>
    public async Task<ScriptValue?> OpenAsync(string token, string? tenant, CancellationToken cancellationToken)
    {
        if (token.Length != ProtocolLimits.ReferenceIdBytes * 2 || !token.All(char.IsAsciiHexDigitLower)) return null;
        string key = ReferenceKey.Tenant(tenant);
        using StoreAccess store = Access(new HandlerTurns(key), cancellationToken);
        try
        {
            return await new TokenReading(store, key, Limits).ReadAsync(token).ConfigureAwait(false);
        }
        catch (ToolException fault) when (fault.Code == ToolCode.ReferenceExpired)
        {
            return null;
        }
        catch (ToolException fault)
        {
            throw new IOException(fault.Message, fault);
        }
    }

    /// <summary>
    /// Removes values in the background: the caller of the ended run does not wait for the store. Values in this process's memory are removed at once: a busy
    /// thread pool prefers new work, and the values of ended runs would fill the store.
    /// </summary>
    public void Remove(IReadOnlyList<string> keys)
    {
        if (_store is MemoryReferenceStore memory) memory.Remove(keys);
        else if (keys.Count > 0) Track(RemoveAsync(keys));
    }

    /// <summary>Makes <see cref="DisposeAsync"/> wait for the task.</summary>
    public T Track<T>(T task)
        where T : Task
    {
        _underWay.TryAdd(task, true);
        _ = task.ContinueWith(
            (done) => _underWay.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }

    /// <summary>
    /// Waits until ended runs are finished and their values are removed. The store has its deadline
    /// for both, so a handler that never ends delays nothing longer.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        // Finishing a run starts a removal.
        using var patience = new CancellationTokenSource((Options.StorageTimeout * 2) + s_more);
        while (!_underWay.IsEmpty && !patience.IsCancellationRequested)
        {
            await Task.WhenAll(_underWay.Keys)
                .WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        }
    }

    private async Task RemoveAsync(IReadOnlyList<string> keys)
    {
        using StoreAccess store = Access(_removals, CancellationToken.None);
        int left = 0;
        foreach (string key in keys)
        {
            try
            {
                await store.RemoveAsync(key).ConfigureAwait(false);
            }
            catch (ToolException)
            {
                left++;
            }
        }

        if (left > 0) Log.ReferencesLeft(log, left);
    }
}
